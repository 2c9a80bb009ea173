/** The first page by role: figures with their definitions, what to sign, whom to chase, what to send. */
import { z } from 'zod';
import { endpoint, id, isoDate } from '../endpoint.ts';
import { forecastAlert, fundForecast, knowledges } from './contract.ts';

export const figureUnits = ['pence', 'count', 'days', 'minutes', 'date', 'text'] as const;
export const tones = ['plain', 'good', 'warning', 'danger'] as const;

export const figure = z.object({
  key: z.string(), label: z.string(),
  /** Null where it is not known; `missing` then says why. */
  value: z.union([z.number(), z.string()]).nullable(), missing: z.string(),
  unit: z.enum(figureUnits), tone: z.enum(tones),
  definition: z.string(), period: z.string(),
  /** Where its rows are. */
  href: z.string(),
});
export type FirstFigure = z.infer<typeof figure>;

export const taskGroups = ['sign', 'chase', 'send', 'look'] as const;
export type TaskGroup = (typeof taskGroups)[number];

export const task = z.object({
  group: z.enum(taskGroups), what: z.string(), detail: z.string(), council: z.string().nullable(), href: z.string(),
  dueOn: isoDate.nullable(), late: z.boolean(),
});
export type Task = z.infer<typeof task>;

export const hoursOwed = z.object({
  hotspotId: id, hotspot: z.string(), /** Null where no plan was made for the week. */ plannedMinutes: z.number().int().nullable(), /** Null while patrols have not begun. */ deliveredMinutes: z.number().int().nullable(),
});
export type HoursOwed = z.infer<typeof hoursOwed>;

export const getFirstPage = endpoint({
  method: 'GET', path: '/api/first-page', allow: 'useOwnAccount',
  summary: 'What a person finds on opening the service: figures, money by council, alerts, what to sign, whom to chase, hours owed this week; today or as it had happened by a day',
  input: z.strictObject({ on: isoDate.optional() }),
  output: z.object({
    on: isoDate, knowledge: z.enum(knowledges),
    figures: z.array(figure), tasks: z.array(task), funds: z.array(fundForecast), alerts: z.array(forecastAlert),
    /** The fund that ended last, where none runs or ended within the year. */
    lastFund: z.object({ name: z.string(), startsOn: isoDate, endsOn: isoDate }).nullable(),
    /** Monday of the week of `on`, and its hours by hotspot, for those who plan or make visits. */
    week: z.object({ monday: isoDate, hours: z.array(hoursOwed) }).nullable(),
  }),
});
export type FirstPage = z.infer<typeof getFirstPage.output>;
