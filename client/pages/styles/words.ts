/** Components made of words and figures: buttons, facts, notes, tags, formats. */
import { date, change, count, decimal, hoursMinutes, instant, money, month, notAvailable, notStarted, orMissing, percent, period, wholePounds } from '../../format.ts';
import { action, button, details, facts, section } from '../../frame.ts';
import { html, type Content } from '../../html.ts';
import { note, tag } from '../../states.ts';

const idle = (): void => undefined;

export function wordSamples(): Content {
  return html`
    ${section('Headline figures', facts([
      { label: 'Person-hours delivered', value: hoursMinutes(461_100), note: 'October 2023, of 9,100 h planned' },
      { label: 'Left to 31 March', value: money(53_777_600), note: 'of £1,000,000 awarded' },
      { label: 'Incidents in hotspots', value: count(1696), note: html`${change(-0.214)} on October 2022` },
      { label: 'Redcar and Cleveland', value: notStarted, note: 'begins in December 2023' },
    ]))}
    ${section('Buttons and links', html`<div class="sample-row">
      ${button('Main', idle, { kind: 'main' })}${button('Plain', idle)}${button('Warning', idle, { kind: 'warning' })}${button('Not now', idle, { disabled: true })}
      ${action('A link as a button', '/styles')}<a href="/styles">A link</a><button type="button" class="link-button">A button as a link</button></div>`)}
    ${section('Notes and tags', html`
      ${note('info', 'Figures are counted by the date of the incident, not of the report.')}
      ${note('good', 'The October return was kept as version 2.')}
      ${note('warning', 'Two months of the period have no data: May and June 2023.')}
      ${note('danger', html`The file has no column for longitude. <a href="/styles">See which columns are read</a>.`)}
      <div class="sample-row">${tag('Draft')}${tag('In review', 'info')}${tag('Submitted', 'good')}${tag('Due in 4 days', 'warning')}${tag('Late', 'danger')}</div>`)}
    ${section('How figures are written', details([
      ['Money', html`${money(123_456)}, ${money(-1200)}, headline ${wholePounds(98_850_049)}`],
      ['Hours', hoursMinutes(1_827_037)],
      ['Counts and rates', html`${count(8670)}, ${decimal(93.27)} per km²`],
      ['Shares and changes', html`${percent(0.538)}, ${change(0.123)}, ${change(-0.21)}, ${change(0)}`],
      ['Dates', html`${date('2023-10-02')}, ${month('2023-10')}, ${period('2023-04', '2024-03')}, ${instant('2023-07-01T13:05:00Z')}`],
      ['Not known, and not begun', html`${orMissing(null, money)}, ${notStarted} (never 0; ${notAvailable} is what a blank says)`],
    ]))}`;
}
