// Send an EPCIS document to Suyuan:  SUYUAN_TOKEN=syn_… java Capture.java document.json
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;

public class Capture {
    static final String ADDRESS = "https://suyuan.example";
    static final HttpClient CLIENT = HttpClient.newHttpClient();

    static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(ADDRESS + path))
            .header("Authorization", "Bearer " + System.getenv("SUYUAN_TOKEN"));
    }

    static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        var answer = CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() >= 400) {
            System.err.println(answer.statusCode() + ": " + answer.body());
            System.exit(1);
        }
        return answer;
    }

    public static void main(String[] arguments) throws Exception {
        var file = Path.of(arguments[0]);
        var type = arguments[0].endsWith(".xml") ? "application/xml" : "application/json";

        // 1. Ask what it would do. Nothing is stored.
        var rehearsal = send(request("/api/v1/rehearsals")
            .header("Content-Type", type)
            .POST(HttpRequest.BodyPublishers.ofFile(file)));
        System.out.println(rehearsal.body());

        // 2. Send it. The answer 202 names the job in its Location.
        var sent = send(request("/epcis/v2/capture")
            .header("Content-Type", type)
            .header("GS1-EPCIS-Version", "2.0")
            .POST(HttpRequest.BodyPublishers.ofFile(file)));

        // 3. Ask what became of it.
        var job = send(request(sent.headers().firstValue("Location").orElseThrow()));
        System.out.println(job.body());
    }
}
