/** The analyst's figures over HTTP. */
import type { Mount } from '../mount.ts';
import { viewBackTest, viewConcentration } from './areaRoutes.ts';
import { getBackTest, getConcentration, getProfile, getRepeats, getRepeatsFile } from './contract.ts';
import { createFigures } from './figuresPool.ts';
import { patternRoutes } from './patternRoutes.ts';
import { viewProfile, viewRepeats } from './placeRoutes.ts';
import { repeatsFile } from './repeatsFile.ts';

export function insightRoutes(mount: Mount): void {
  const figures = createFigures();

  mount(getConcentration, async ({ db, input, scope, now }) => viewConcentration(db, input, { scope: scope.councils, now }, figures));
  mount(getBackTest, async ({ db, input, scope, now }) => viewBackTest(db, input, { scope: scope.councils, now }, figures));
  mount(getProfile, async ({ db, input, scope, now }) => viewProfile(db, input, { scope: scope.councils, now }));
  mount(getRepeats, async ({ db, input, scope, now }) => viewRepeats(db, input, { scope: scope.councils, now }));

  patternRoutes(mount, figures);

  mount(getRepeatsFile, async ({ db, input, scope, now }) => repeatsFile(await viewRepeats(db, input, { scope: scope.councils, now })));
}
