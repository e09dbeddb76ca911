import type { AlertQuality, Quality, QualityReport, ScoreReport } from '@fraud/records';
import { barChart } from '../report/bar-chart.js';
import { escapeHtml, htmlPage, htmlTable } from '../report/html.js';
import { money, percent } from '../report/table.js';
import { ALERT_HEADER, alertFigures, delayText, WEEK_HEADER, weekFigures, WORDS } from './quality-table.js';
import { scoreHtml } from './score-html.js';
import { WORDS as SCORE_WORDS } from './score-words.js';

/** The report as one HTML file that needs nothing else. The same answers give the same bytes. */
export function qualityHtml(report: QualityReport, scores: ScoreReport): string {
  const title = `Decision quality ${report.from.slice(0, 10)} – ${report.to.slice(0, 10)}`;
  return htmlPage(
    title,
    [
      `<h1>${escapeHtml(title)}</h1>`,
      `<p class="verdict">${escapeHtml(delayText(report))}</p>`,
      '<h2>By week</h2>',
      weeks(report),
      ...alerts(report, 'any', 'Alerts: any outcome but approve', ({ alerts: { any } }) => any),
      ...alerts(report, 'decline', 'Alerts: decline alone', ({ alerts: { decline } }) => decline),
      ...scoreHtml(scores),
      '<h2>Words</h2>',
      `<pre>${escapeHtml(`${WORDS}\n\n${SCORE_WORDS}`)}</pre>`,
      `<footer>As of ${escapeHtml(report.as_of)}.</footer>`,
    ],
    'pre { white-space: pre-wrap; font: inherit; }',
  );
}

const weeks = ({ weeks: all }: QualityReport): string =>
  htmlTable(
    'Weeks of transactions, and what is known of them',
    [...WEEK_HEADER, 'labels come', ''],
    all.map((week) => [
      ...weekFigures(week),
      week.maturity === null ? '?' : percent(week.maturity),
      week.mature === true ? '' : week.mature === null ? 'not known' : 'young',
    ]),
  );

function alerts(
  report: QualityReport,
  id: string,
  title: string,
  of: (quality: Quality) => AlertQuality,
): string[] {
  const values = (mature: boolean, pick: (alert: AlertQuality) => number): number[] =>
    report.weeks.map((week) => ((week.mature === true) === mature ? pick(of(week)) : 0));
  const caught = ({ money_caught }: AlertQuality): number => money_caught;
  const missed = ({ money_missed }: AlertQuality): number => money_missed;
  return [
    htmlTable(title, ALERT_HEADER, alertFigures(report, of)),
    barChart({
      id: `money-${id}`,
      title: `${title}: money of known frauds by week`,
      description:
        'Above the line what was caught, below it what was missed. Of weeks that are not mature most of what was missed is not known yet. The figures stand in the table.',
      labels: report.weeks.map(({ week }) => week),
      format: money,
      series: [
        { name: 'caught', style: 'good', side: 'above', values: values(true, caught) },
        {
          name: 'caught so far, week not mature',
          style: 'good-lighter',
          side: 'above',
          values: values(false, caught),
        },
        { name: 'missed', style: 'bad', side: 'below', values: values(true, missed) },
        {
          name: 'missed so far, week not mature',
          style: 'bad-lighter',
          side: 'below',
          values: values(false, missed),
        },
      ],
    }),
  ];
}
