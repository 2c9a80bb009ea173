/** Start: config, database, migrations, demonstration data, app; stop cleanly on SIGTERM. */
import { readConfig } from './config.ts';
import { openDatabase, migrate } from './database.ts';
import { createService } from './service.ts';
import type { AddressInfo } from 'node:net';

/** Runs the service until it is told to stop. */
export async function serve(): Promise<void> {
  const config = readConfig();
  const database = await openDatabase(config, { mustOwn: true });
  await migrate(database.db);
  const service = createService({ config, database });
  await new Promise<void>((resolve, reject) => service.server.once('error', reject).listen(config.port, config.host, resolve));
  const { port } = service.server.address() as AddressInfo;
  console.log(`Hotspot Patrols is at http://${config.host}:${port}`);
  const stop = async () => {
    await service.close();
    await database.close();
    process.exit(0);
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
}

if (import.meta.main) {
  serve().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  });
}
