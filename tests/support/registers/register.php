<?php
/* register: publishes one complaint by generated code, and says what became of it. For tests/scenario/languages_test.py. */
use Bellhop\V1\{ComplaintAbout, Complaint, Event, Publish, Receipt\Result, RegisterReply, RegisterRequest};

set_include_path(getenv("GENERATED") . PATH_SEPARATOR . get_include_path());
spl_autoload_register(fn($name) => @include strtr($name, "\\", "/") . ".php");

function new_id(): string {                     // UUIDv7
    $raw = substr(pack("J", (int)(microtime(true) * 1000)), 2) . random_bytes(10);
    $raw[6] = chr(ord($raw[6]) & 0x0F | 0x70);
    $raw[8] = chr(ord($raw[8]) & 0x3F | 0x80);
    return $raw;
}

$now = (int)(microtime(true) * 1000000);
$event = (new Event())->setId(new_id())->setSource("harbour/php")->setStoreId("harbour")->setInteractionId("visit-php")
    ->setEmployeeId("ann")->setOccurredAt($now)->setDrill(false)
    ->setComplaint((new Complaint())->setAbout(ComplaintAbout::WAITING)->setText("An hour in the queue."));
$publish = (new Publish())->setRequestId(1)->setSentAt($now)->setEvents([$event])->setAwaitVerdict(true);

$door = new ZMQSocket(new ZMQContext(), ZMQ::SOCKET_DEALER);
$door->setSockOpt(ZMQ::SOCKOPT_LINGER, 0);
$door->connect(getenv("BELLHOP_PUBLISH"));
$door->setSockOpt(ZMQ::SOCKOPT_RCVTIMEO, 5000);
$door->send((new RegisterRequest())->setPublish($publish)->serializeToString());
$bytes = $door->recv();
if ($bytes === false)
    exit("no reply: send the same event again\n");
$reply = new RegisterReply();
$reply->mergeFromString($bytes);
if ($reply->hasRefused())
    exit("refused {$reply->getRefused()->getReason()} {$reply->getRefused()->getField()} {$reply->getRefused()->getExplanation()}\n");
if ($reply->getPublish()->hasRetryAfterMs())
    exit("busy: send all of it again\n");
foreach ($reply->getPublish()->getReceipts() as $receipt)
    echo Result::name($receipt->getResult()), " {$receipt->getReason()} {$receipt->getField()} {$receipt->getExplanation()}\n";
