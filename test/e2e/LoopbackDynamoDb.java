import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import software.amazon.dynamodb.services.local.main.ServerRunner;
import software.amazon.dynamodb.services.local.server.DynamoDBProxyServer;

/**
 * Starts DynamoDB Local on a free port of the loopback, in memory, without telemetry, and prints the port. By itself it listens
 * on every interface and has no option that says otherwise, so its connector is told before it starts.
 */
public class LoopbackDynamoDb {
    public static void main(String[] args) throws Exception {
        DynamoDBProxyServer local =
            ServerRunner.createServerFromCommandLineArgs(
                new String[] {"-inMemory", "-disableTelemetry"});
        var field = DynamoDBProxyServer.class.getDeclaredField("server");
        field.setAccessible(true);
        var connector = (ServerConnector) ((Server) field.get(local)).getConnectors()[0];
        connector.setHost("127.0.0.1");
        connector.setPort(0);
        local.start();
        System.out.println("listening on " + connector.getHost() + " " + connector.getLocalPort());
        // The test that started this process holds its standard input; when that ends, so does this.
        while (System.in.read() >= 0) {}
        System.exit(0);
    }
}
