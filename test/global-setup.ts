import { type Broker, openBroker } from './support/memory-server.ts';

declare global {
  var acasTestBroker: Broker | undefined;
}

/** Before a jest run: opens the broker that starts the Temporal server once a test asks for it. */
export default async function setUp(): Promise<void> {
  const broker = await openBroker();
  globalThis.acasTestBroker = broker;
  process.env.ACAS_TEST_BROKER = broker.url;
}
