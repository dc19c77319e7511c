// What was and what will be: a volume's use over time, and when it will be full. Answers are bounded by the number of
// points, because a year of minutes of a thousand subvolumes is nobody's question.
import { Type } from 'typebox';
import { MortarError } from '../../../shared/lib/errors.ts';
import { VolumeName } from '../../../shared/model/names.ts';
import { subvolumeKey } from '../../core/growth/forecast/forecast-subvolume.ts';
import type { Coordination } from '../../loop/coordination.ts';
import { type Api, Strict } from '../typed-instance.ts';
import { ForecastView, HistoryView, pointsPerStep, viewForecast } from '../views/forecast-view.ts';
import { findVolume } from './volumes.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;
/** Points of one subvolume: more than a screen has columns. */
const mostPoints = 1000;
/** Points of an answer: some 2 MB of JSON. */
const mostPointsInAll = 20_000;
/** How many points are given when nobody asks for a step. */
const usualPoints = 300;

const params = Strict({ name: VolumeName });
const Time = (description: string) =>
  Type.Optional(Type.Integer({ minimum: 0, maximum: 8.64e15, description }));

export function addForecastRoutes(api: Api, coordination: Coordination): void {
  api.get(
    '/v1/volumes/:name/forecast',
    {
      schema: {
        operationId: 'getForecast',
        summary: 'When each subvolume will be full, the first one first, with a range',
        tags: ['volumes'],
        params,
        response: { 200: ForecastView },
      },
    },
    (request) => {
      const snapshot = coordination.snapshot();
      return viewForecast(snapshot, findVolume(snapshot, request.params.name));
    },
  );

  api.get(
    '/v1/volumes/:name/history',
    {
      schema: {
        operationId: 'getHistory',
        summary: `How each subvolume was used: a day in minutes, a year in hours; at most ${mostPoints} points each and ${mostPointsInAll} in all`,
        tags: ['volumes'],
        params,
        querystring: Strict({
          from: Time('ms since 1970; a day before `to` if not given'),
          to: Time('ms since 1970; now if not given'),
          step: Type.Optional(
            Type.Integer({
              minimum: minuteMs,
              maximum: 366 * dayMs,
              description: `ms from one point to the next; what gives ${usualPoints} points if not given`,
            }),
          ),
          subvolume: Type.Optional(
            Type.Integer({ minimum: 0, description: 'Only this one, counted from 0' }),
          ),
        }),
        response: { 200: HistoryView },
      },
    },
    ({ params: { name }, query }) => {
      const snapshot = coordination.snapshot();
      const { volume, subvolumes } = findVolume(snapshot, name);
      const { from, to, stepMs } = rangeOf(query, snapshot.now);
      const wanted = subvolumes.filter(({ index }) => index === (query.subvolume ?? index));
      if (wanted.length * ((to - from) / stepMs) > mostPointsInAll) {
        throw new MortarError(
          'bad-input',
          `${wanted.length} subvolumes with ${Math.ceil((to - from) / stepMs)} points each are more than ${mostPointsInAll} points: ask for one subvolume, for less time, or with a longer step`,
        );
      }
      return {
        volume: name,
        from,
        to,
        stepMs,
        subvolumes: wanted.map((subvolume) => ({
          index: subvolume.index,
          points: pointsPerStep(coordination.usage(subvolumeKey(volume.id, subvolume), from, to), stepMs),
        })),
      };
    },
  );
}

/** The range that is asked for. Throws MortarError('bad-input') when it is none, or has too many points. */
function rangeOf(query: { from?: number; to?: number; step?: number }, now: number) {
  const to = query.to ?? now;
  const from = query.from ?? Math.max(0, to - dayMs);
  if (from >= to) throw new MortarError('bad-input', `from (${from}) must be before to (${to})`);
  const usualMs = Math.ceil((to - from) / usualPoints / minuteMs) * minuteMs;
  const stepMs = query.step ?? usualMs;
  if ((to - from) / stepMs > mostPoints) {
    throw new MortarError(
      'bad-input',
      `from ${from} to ${to} in steps of ${stepMs} ms is more than ${mostPoints} points: ask for less time, or with a longer step`,
    );
  }
  return { from, to, stepMs };
}
