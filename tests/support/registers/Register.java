/* Register: publishes one complaint by generated code, and says what became of it. For tests/scenario/languages_test.py. */
import bellhop.v1.ComplaintAbout;
import bellhop.v1.Complaint;
import bellhop.v1.Event;
import bellhop.v1.Publish;
import bellhop.v1.Receipt;
import bellhop.v1.RegisterReply;
import bellhop.v1.RegisterRequest;
import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import org.zeromq.ZMQ;

public class Register {
    static ByteString newId() { // UUIDv7
        byte[] chance = new byte[10];
        new SecureRandom().nextBytes(chance);
        byte[] id = ByteBuffer.allocate(18).putLong(System.currentTimeMillis()).put(chance).array();
        id[8] = (byte) (id[8] & 0x0F | 0x70);
        id[10] = (byte) (id[10] & 0x3F | 0x80);
        return ByteString.copyFrom(id, 2, 16);
    }

    public static void main(String[] arguments) throws Exception {
        long now = System.currentTimeMillis() * 1000;
        Event event = Event.newBuilder().setId(newId()).setSource("harbour/java").setStoreId("harbour")
            .setInteractionId("visit-java").setEmployeeId("ann").setOccurredAt(now).setDrill(false)
            .setComplaint(Complaint.newBuilder().setAbout(ComplaintAbout.WAITING).setText("An hour in the queue.")).build();
        Publish publish = Publish.newBuilder().setRequestId(1).setSentAt(now).addEvents(event).setAwaitVerdict(true).build();
        ZMQ.Socket door = ZMQ.context(1).socket(ZMQ.DEALER);
        door.setLinger(0);
        door.setReceiveTimeOut(5000);
        door.connect(System.getenv("BELLHOP_PUBLISH"));
        door.send(RegisterRequest.newBuilder().setPublish(publish).build().toByteArray(), 0);
        byte[] bytes = door.recv(0);
        if (bytes == null) {
            System.out.println("no reply: send the same event again");
            System.exit(1);
        }
        RegisterReply reply = RegisterReply.parseFrom(bytes);
        if (reply.hasRefused()) {
            System.out.println("refused " + reply.getRefused());
            System.exit(1);
        }
        if (reply.getPublish().hasRetryAfterMs()) {
            System.out.println("busy: send all of it again");
            System.exit(1);
        }
        for (Receipt receipt : reply.getPublish().getReceiptsList())
            System.out.println(receipt.getResult() + " " + receipt.getReason() + " " + receipt.getField() + " " + receipt.getExplanation());
        System.exit(0); // the context's threads are daemons of an older jeromq
    }
}
