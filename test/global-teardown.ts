/** After a jest run: ends the Temporal server, if a test has asked for it. */
export default async function tearDown(): Promise<void> {
  await globalThis.acasTestBroker?.close();
}
