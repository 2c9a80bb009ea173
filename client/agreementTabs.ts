/** The pages of one agreement, with the one shown marked; only those this person may open. */
import { findRoute } from './routes.ts';
import { html, nothing, type Content } from './html.ts';
import { pages } from './pages/index.ts';
import { mayDo } from './session.ts';

const tabs = { agreement: 'Agreement', terms: 'Terms', ledger: 'Ledger', claims: 'Claims', hours: 'Hours', forecast: 'Forecast', closure: 'Closure' } as const;
export type AgreementTab = keyof typeof tabs;

/** `agreementTabs(id, 'ledger')`: above the body of each page under an agreement. */
export function agreementTabs(id: string, current: AgreementTab): Content {
  const links = (Object.keys(tabs) as AgreementTab[]).flatMap((tab) => {
    const path = tab === 'agreement' ? `/agreements/${id}` : `/agreements/${id}/${tab}`;
    const found = findRoute(pages, path);
    return found && mayDo(found.route.allow) ? [{ tab, path }] : [];
  });
  return html`<nav class="tabs" aria-label="Pages of this agreement"><ul class="tabs__list">${links.map(({ tab, path }) =>
    html`<li><a class="tabs__link" href=${path} aria-current=${tab === current ? 'page' : nothing}>${tabs[tab]}</a></li>`)}</ul></nav>`;
}
