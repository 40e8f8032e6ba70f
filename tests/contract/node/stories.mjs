// Short stories that @azure/service-bus plays against a namespace. Prints one JSON object: story -> what came of it.
//
//   node stories.mjs <connection string> <names of the entities, as JSON>

import { ServiceBusClient } from "@azure/service-bus";

const [connection, entities] = [process.argv[2], JSON.parse(process.argv[3])];
const client = new ServiceBusClient(connection, { retryOptions: { maxRetries: 0, timeoutInMs: 10000 } });
const SOON = { maxWaitTimeInMs: 5000 };
const NOTHING_SOON = { maxWaitTimeInMs: 300 };

const stories = {
  async aMessageArrivesAsItWasSent() {
    const sender = client.createSender(entities.queue);
    await sender.sendMessages({
      body: { answer: 42 },
      messageId: "node-1",
      subject: "s",
      contentType: "application/json",
      applicationProperties: { text: "t", flag: true, number: 7, half: 0.5, when: new Date(0) },
    });
    const receiver = client.createReceiver(entities.queue);
    const [message] = await receiver.receiveMessages(1, SOON);
    await receiver.completeMessage(message);
    const left = await receiver.receiveMessages(1, NOTHING_SOON);
    return {
      body: message.body,
      messageId: message.messageId,
      subject: message.subject,
      properties: message.applicationProperties,
      deliveryCount: message.deliveryCount,
      left: left.length,
    };
  },

  async anAbandonedMessageIsChanged() {
    const sender = client.createSender(entities.abandoned);
    await sender.sendMessages({ body: "x", messageId: "a", applicationProperties: { kept: "yes" } });
    const receiver = client.createReceiver(entities.abandoned);
    const [first] = await receiver.receiveMessages(1, SOON);
    await receiver.abandonMessage(first, { seen: "once" });
    const [second] = await receiver.receiveMessages(1, SOON);
    await receiver.completeMessage(second);
    return { deliveryCount: second.deliveryCount, properties: second.applicationProperties };
  },

  async aDeadLetterSaysWhy() {
    const sender = client.createSender(entities.dead);
    await sender.sendMessages({ body: "bad", messageId: "d" });
    const receiver = client.createReceiver(entities.dead);
    const [message] = await receiver.receiveMessages(1, SOON);
    await receiver.deadLetterMessage(message, { deadLetterReason: "Why", deadLetterErrorDescription: "Because" });
    const dead = client.createReceiver(entities.dead, { subQueueType: "deadLetter", receiveMode: "receiveAndDelete" });
    const [letter] = await dead.receiveMessages(1, SOON);
    return { body: letter.body, reason: letter.deadLetterReason, description: letter.deadLetterErrorDescription };
  },

  async aDeferredMessageIsReceivedByItsNumber() {
    const sender = client.createSender(entities.deferred);
    await sender.sendMessages({ body: "later", messageId: "l" });
    const receiver = client.createReceiver(entities.deferred);
    const [message] = await receiver.receiveMessages(1, SOON);
    await receiver.deferMessage(message);
    const [peeked] = await receiver.peekMessages(1, { fromSequenceNumber: message.sequenceNumber });
    const [deferred] = await receiver.receiveDeferredMessages(message.sequenceNumber);
    const renewed = await receiver.renewMessageLock(deferred);
    await receiver.completeMessage(deferred);
    return { body: deferred.body, state: peeked.state, renewed: renewed > new Date() };
  },

  async aBatchArrivesInItsOrder() {
    const sender = client.createSender(entities.batch);
    const batch = await sender.createMessageBatch();
    for (let number = 0; number < 20; number++) {
      batch.tryAddMessage({ body: number, messageId: `b-${number}` });
    }
    await sender.sendMessages(batch);
    const receiver = client.createReceiver(entities.batch);
    const bodies = [];
    await new Promise((resolve, reject) => {
      receiver.subscribe({
        processMessage: async (message) => {
          bodies.push(message.body);
          if (bodies.length === 20) setImmediate(resolve);
        },
        processError: async ({ error }) => reject(error),
      });
    });
    await receiver.close();
    return { bodies };
  },

  async aScheduledMessageIsCancelled() {
    const sender = client.createSender(entities.scheduled);
    const far = new Date(Date.now() + 3600 * 1000);
    const [kept, cancelled] = await sender.scheduleMessages([{ body: "kept" }, { body: "cancelled" }], far);
    await sender.cancelScheduledMessages(cancelled);
    const peeked = await client.createReceiver(entities.scheduled).peekMessages(10);
    return { peeked: peeked.map((message) => [message.body, message.state]), order: kept.lessThan(cancelled) };
  },

  async aSessionIsOrderedAndExclusive() {
    const sender = client.createSender(entities.sessions);
    await sender.sendMessages([1, 2, 3].map((body) => ({ body, sessionId: "s1" })));
    const receiver = await client.acceptNextSession(entities.sessions, SOON);
    const taken = await problem(client.acceptSession(entities.sessions, "s1", { maxAutoLockRenewalDurationInMs: 0 }));
    await receiver.setSessionState({ step: 1 });
    const messages = await receiver.receiveMessages(3, SOON);
    for (const message of messages) await receiver.completeMessage(message);
    const renewed = await receiver.renewSessionLock();
    const state = await receiver.getSessionState();
    await receiver.close();
    const again = await client.acceptSession(entities.sessions, "s1");
    await again.close();
    return {
      sessionId: receiver.sessionId,
      bodies: messages.map((message) => message.body),
      taken,
      state,
      renewed: renewed > new Date(),
      again: again.sessionId,
    };
  },

  async rulesAreAddedAndRemoved() {
    const rules = client.createRuleManager(entities.topic, entities.subscription);
    await rules.createRule("big", { sqlExpression: "size > 10" });
    await rules.createRule("red", { subject: "red", applicationProperties: { colour: "red" } });
    await rules.deleteRule("$Default");
    const bad = await problem(rules.createRule("bad", { sqlExpression: "size >" }));
    const sender = client.createSender(entities.topic);
    await sender.sendMessages([
      { body: "small", applicationProperties: { size: 5 } },
      { body: "big", applicationProperties: { size: 50 } },
      { body: "red", subject: "red", applicationProperties: { colour: "red" } },
    ]);
    const receiver = client.createReceiver(entities.topic, entities.subscription, { receiveMode: "receiveAndDelete" });
    const bodies = [];
    while (bodies.length < 2) bodies.push(...(await receiver.receiveMessages(2, SOON)).map((message) => message.body));
    const left = [];
    for await (const rule of rules.listRules()) left.push(rule);
    return { bodies, names: left.map((rule) => rule.name), filters: left.map((rule) => said(rule.filter)), bad };
  },

  async nothingIsFoundWhereNothingIs() {
    return {
      sender: await problem(client.createSender("no-such-queue").sendMessages({ body: 1 })),
      receiver: await problem(client.createReceiver("no-such-queue").receiveMessages(1, SOON)),
      peek: await problem(client.createReceiver("no-such-queue").peekMessages(1)),
    };
  },

  async aMessageThatIsTooLargeIsRefused() {
    return { error: await problem(client.createSender(entities.large).sendMessages({ body: "x".repeat(300000) })) };
  },

  async aLockThatEndedIsLost() {
    const sender = client.createSender(entities.brief);
    await sender.sendMessages({ body: "x", messageId: "x" });
    const receiver = client.createReceiver(entities.brief, { maxAutoLockRenewalDurationInMs: 0 });
    const [message] = await receiver.receiveMessages(1, SOON);
    const itself = { fromSequenceNumber: message.sequenceNumber };
    let [shown] = await receiver.peekMessages(1, itself);
    while (shown.deliveryCount === 0) [shown] = await receiver.peekMessages(1, itself);
    return { error: await problem(receiver.completeMessage(message)) };
  },
};

function said(filter) {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value != null));
}

async function problem(promise) {
  try {
    await promise;
    return null;
  } catch (error) {
    return error.code ?? error.name;
  }
}

const results = {};
await Promise.all(
  Object.entries(stories).map(async ([name, story]) => {
    try {
      results[name] = await story();
    } catch (error) {
      results[name] = { failed: String(error.stack ?? error) };
    }
  }),
);
await client.close();
console.log(JSON.stringify(results));
