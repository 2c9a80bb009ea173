/** The phone page is a page of its own: at its address the service sends it in place of this one. */
import type { Page } from '../router.ts';

export const phoneDoor: Page = () => location.reload();
