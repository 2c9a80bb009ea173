/** States: waiting, empty, failed. */
import { ApiError } from '../../api.ts';
import { section } from '../../frame.ts';
import { html, type Content } from '../../html.ts';
import { emptyView, failedView, loadingView } from '../../states.ts';

const failure = new ApiError({
  type: 'about:blank', title: 'Not ready', status: 503, code: 'analysis_running',
  detail: 'The counts for the map are being made anew. Wait a minute and try again.', requestId: '5f0c9a1e-77d2-4f0b-9a39-1c8b7e2d6a10',
});

export function stateSamples(): Content {
  return section('States', html`<div class="samples">
    ${loadingView('hot cells')}
    ${loadingView('the import', { progress: 0.62, step: '11 of 18 months; 41,204 rows, 87 refused' })}
    ${emptyView('No hotspots are agreed yet', html`Run an analysis and adopt hotspots from it. <a href="/styles">Go to analyses</a>`)}
    ${failedView(failure, { what: 'the map', retry: () => undefined })}
  </div>`);
}
