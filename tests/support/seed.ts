/** Properties are tried on the same examples in every run, so that a failure is seen again by whoever looks for it. */
import { configureGlobal } from 'fast-check';

configureGlobal({ seed: 20231002 });
