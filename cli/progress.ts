import type { Instant } from '#policy/instant.ts';
import type { Clock } from '#sweep/ports.ts';
import type { SweepEvent } from '#sweep/sweep-deps.ts';
import { countText, lengthText } from './number-text.ts';
import type { Output, OutputStream } from './output.ts';

/** Nothing is shown of work that is over before this. */
const quickWorkMs = 1000;
const lineEveryMs = 10_000;
const redrawEveryMs = 200;
/** Rates and times left are worked out over at least this long. */
const leastMeasuredMs = 500;

const clearLine = '\r\u001B[K';

export interface Progress {
  observe(event: SweepEvent): void;
  /** Takes the line away from the terminal, so that something else can be printed. */
  end(): void;
}

interface Stage {
  readonly name: 'Reading' | 'Deleting' | "Reading Intercom's list";
  readonly beganAt: Instant;
  /** Done before this stage was first seen; does not count for the rate. */
  readonly doneBefore: number;
  readonly done: number;
  readonly expected: number | undefined;
  readonly detail: string;
}

/**
 * Shows long work on stderr: one line that is rewritten a few times a second on a terminal, else a line every ten
 * seconds. Quick work shows nothing.
 */
export function showProgress({ quiet, progressStream }: Output, clock: Pick<Clock, 'now'>): Progress {
  if (quiet) return { observe: () => undefined, end: () => undefined };
  return progressStream.isTTY === true
    ? progressOn(progressStream, clock, {
        waitMs: redrawEveryMs,
        open: clearLine,
        close: '',
        end: clearLine,
      })
    : progressOn(progressStream, clock, { waitMs: lineEveryMs, open: '', close: '\n', end: '' });
}

interface Manner {
  readonly waitMs: number;
  readonly open: string;
  readonly close: string;
  readonly end: string;
}

function progressOn(stream: OutputStream, clock: Pick<Clock, 'now'>, manner: Manner): Progress {
  const startedAt = clock.now();
  let stage: Stage | undefined;
  let shownAt: number = startedAt + Math.max(quickWorkMs, manner.waitMs) - manner.waitMs;
  let isShowing = false;

  return {
    observe(event) {
      const now = clock.now();
      if (event.kind === 'waiting_for_lease') {
        stream.write(`${manner.open}Waiting for another sweep (${event.holder}) to end.\n`);
        return;
      }
      stage = nextStage(stage, event, now);
      if (stage === undefined || now - shownAt < manner.waitMs) return;
      shownAt = now;
      isShowing = true;
      stream.write(`${manner.open}${progressLine(stage, now)}${manner.close}`);
    },
    end() {
      if (isShowing && manner.end !== '') stream.write(manner.end);
      isShowing = false;
    },
  };
}

function nextStage(before: Stage | undefined, event: SweepEvent, now: Instant): Stage | undefined {
  switch (event.kind) {
    case 'scanning':
      return stageOf(before, now, {
        name: 'Reading',
        done: event.scanned,
        expected: event.expected,
        detail: `${countText(event.candidates)} to delete`,
      });
    case 'deleting': {
      const { deleted, not_found, unresolved, failed, kept } = event.counts;
      return stageOf(before, now, {
        name: 'Deleting',
        done: deleted + not_found + unresolved + failed + kept,
        expected: event.intended,
        detail: `${countText(deleted)} deleted${failed > 0 ? `, ${countText(failed)} failed` : ''}`,
      });
    }
    case 'reading_deleted_list':
      return stageOf(before, now, {
        name: "Reading Intercom's list",
        done: event.read,
        expected: event.expected,
        detail: `${countText(event.found)} new`,
      });
    case 'identified':
    case 'waiting_for_lease':
    case 'settling':
    case 'planned':
    case 'gated':
    case 'notice_failed':
    case 'finished':
      break;
  }
  return undefined;
}

function stageOf(
  before: Stage | undefined,
  now: Instant,
  seen: Pick<Stage, 'name' | 'done' | 'expected' | 'detail'>,
): Stage {
  if (before?.name !== seen.name) return { ...seen, beganAt: now, doneBefore: seen.done };
  return { ...seen, beganAt: before.beganAt, doneBefore: before.doneBefore };
}

function progressLine({ name, beganAt, doneBefore, done, expected, detail }: Stage, now: Instant): string {
  const tookMs = now - beganAt;
  const perMs = tookMs < leastMeasuredMs ? 0 : (done - doneBefore) / tookMs;
  const parts = [
    `${name}: ${countText(done)}${expected === undefined ? '' : ` of ${countText(expected)}`}`,
    detail,
  ];
  if (perMs > 0) parts.push(`${countText(Math.round(perMs * 1000))}/s`);
  if (perMs > 0 && expected !== undefined && expected > done) {
    parts.push(`${lengthText((expected - done) / perMs)} left`);
  }
  return parts.join(', ');
}
