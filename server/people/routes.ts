/** People over HTTP: signing in, one's own account, and everybody's for administrators. */
import type { Mount } from '../mount.ts';
import { accountRoutes } from './accountRoutes.ts';
import { administrationRoutes } from './administrationRoutes.ts';
import { issuerRoutes } from './issuerRoutes.ts';
import { resetRoutes } from './resetRoutes.ts';
import { signInRoutes } from './signInRoutes.ts';

export { demonstrationPassword } from './signInRoutes.ts';

export function peopleRoutes(mount: Mount): void {
  signInRoutes(mount);
  issuerRoutes(mount);
  accountRoutes(mount);
  administrationRoutes(mount);
  resetRoutes(mount);
}
