// A producer and subscriber in another language: sends one request, prints the events of its run.
import { ServiceBusClient } from "@azure/service-bus";

const [connection, queue, topic, subscription, body] = process.argv.slice(2);
const request = JSON.parse(body);
const client = new ServiceBusClient(connection);
const receiver = client.createReceiver(topic, subscription);
await client.createSender(queue).sendMessages({ body: request, contentType: "application/json" });

let final = false;
while (!final) {
  for (const message of await receiver.receiveMessages(10, { maxWaitTimeInMs: 2000 })) {
    await receiver.completeMessage(message);
    // The SDK decodes what is application/json alone; a structured CloudEvent it hands over as text or bytes.
    const event = Buffer.isBuffer(message.body) ? JSON.parse(message.body.toString()) : message.body;
    if (event.data.requestId !== request.id) continue;
    console.log(JSON.stringify({ type: event.type, seq: event.seq, status: event.data.status }));
    final ||= message.applicationProperties.final;
  }
}
await client.close();
