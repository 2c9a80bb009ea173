/** Start: config, database, migrations, demonstration data, app; stop cleanly on SIGTERM. */
import type { AddressInfo } from 'node:net';
import { clientRoutes } from './client.ts';
import { readConfig } from './config.ts';
import { openDatabase, migrate } from './database.ts';
import { demonstrateAtStart, refuseDemonstrationPeople, tellDemonstration } from './demonstration/start.ts';
import { drawProgress } from './progress.ts';
import { createService } from './service.ts';

/** Runs the service until it is told to stop. */
export async function serve(): Promise<void> {
  const config = readConfig();
  // Bundled by a process of its own while the database starts.
  const client = clientRoutes();
  client.catch(() => undefined);
  const database = await openDatabase(config, { mustOwn: true });
  await migrate(database.db);
  await refuseDemonstrationPeople(config, database.db);
  await demonstrateAtStart(config, database, {
    now: new Date(),
    begin: () => console.log('First start: making demonstration data, invented and marked as such. This takes about half a minute.'),
    report: drawProgress,
  });
  const service = createService({ config, database, client: await client });
  await new Promise<void>((resolve, reject) => service.server.once('error', reject).listen(config.port, config.host, resolve));
  const { port } = service.server.address() as AddressInfo;
  const stop = async () => {
    await service.close();
    await database.close();
    process.exit(0);
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
  console.log(`Hotspot Patrols is at http://${config.host}:${port}`);
  for (const line of await tellDemonstration(config, database)) console.log(line);
}

if (import.meta.main) {
  serve().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });
}
