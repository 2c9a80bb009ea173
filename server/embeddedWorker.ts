/** The thread that runs the embedded PostGIS, so that a long query never holds up the service's event loop. */
import { chmodSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist';
import { leanPostgis } from './embeddedPostgis.ts';
import { serveEngine } from './embeddedSocket.ts';

const { pgdata, packed, socket } = workerData as { pgdata: string; packed: string; socket: string };
const engine = await PGlite.create({ dataDir: pgdata, extensions: { postgis: leanPostgis(packed), btree_gist } });
const server = await serveEngine(engine, socket);
chmodSync(socket, 0o700);
parentPort?.on('message', async () => {
  await server.stop();
  await engine.close();
  parentPort?.close();
});
parentPort?.postMessage('ready');
