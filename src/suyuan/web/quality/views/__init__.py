"""Views of quality: reports, their files, complaints."""
