/** Where incidents gather, over HTTP. */
import type { Mount } from '../mount.ts';
import { analysisRoutes } from './analysisRoutes.ts';
import { hotspotRoutes } from './hotspotRoutes.ts';
import { mapRoutes } from './mapRoutes.ts';
import { runsRoutes } from './runsRoutes.ts';
import { surfaceRoutes } from './surfaceRoutes.ts';

export function hotspotsRoutes(mount: Mount): void {
  mapRoutes(mount);
  surfaceRoutes(mount);
  runsRoutes(mount);
  analysisRoutes(mount);
  hotspotRoutes(mount);
}
