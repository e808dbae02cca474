import "../styles/app.scss";
import htmx from "htmx.org";
import { confirmBeforeSubmit } from "./confirm";
import { copyOnClick } from "./copy";
import { workWithDocuments } from "./documents";
import { showFocusOfDrawings } from "./drawings";
import { closeMenusOnLeave } from "./menus";
import { sendDroppedPictures } from "./pictures";
import { focusSearchOnSlash } from "./search";
import { moveOnWithEnter } from "./wedge";

// The content security policy forbids eval and inline style; htmx must not try either.
htmx.config.allowEval = false;
htmx.config.includeIndicatorStyles = false;
htmx.config.selfRequestsOnly = true;
htmx.config.historyCacheSize = 0;

copyOnClick(document);
confirmBeforeSubmit(document);
closeMenusOnLeave(document);
focusSearchOnSlash(document);
showFocusOfDrawings(document);
moveOnWithEnter(document);
sendDroppedPictures(document);
workWithDocuments(document);
