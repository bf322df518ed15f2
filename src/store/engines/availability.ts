import { endInTime } from "../../app/end-in-time.js";
import type { Log } from "../../app/ports.js";

/** How long a check may take, in milliseconds; whoever asks for readiness does not wait longer. */
const CHECK_LIMIT_MS = 2_000;
/** How soon an absent database is asked again, and how often its absence is told, in milliseconds. */
const RECHECK_MS = 3_000;
const REMIND_MS = 60_000;
/** How many failures are kept while it is not clear yet whether the database is away. */
const KEPT = 20;

/** Whether the database takes writes, and the log's account of it: one line when that changes. */
export interface Availability {
	/** Whether a write works now, within two seconds. Those who ask at the same time share one write. */
	check(): Promise<boolean>;
	/**
	 * Tells a failure that may come from the database's absence. While it is away there are dozens of them a
	 * second, from everything that polls; they are counted then, and told one by one otherwise.
	 */
	suspect(error: unknown, facts: object, message: string): void;
	stop(): void;
}

/** Watches a database by `probe`, which writes to it. */
export function watchAvailability(
	probe: () => Promise<void>,
	log: Pick<Log, "info" | "error">,
): Availability {
	let probing: Promise<void> | undefined;
	let checking: Promise<boolean> | undefined;
	let outage: { readonly since: number; toldAt: number; failures: number } | undefined;
	let kept: (() => void)[] | undefined;
	let timer: NodeJS.Timeout | undefined;
	let stopped = false;

	function check(): Promise<boolean> {
		checking ??= judge().finally(() => {
			checking = undefined;
		});
		return checking;
	}

	async function judge(): Promise<boolean> {
		// A probe that hangs is waited for again rather than joined by another one.
		probing ??= probe().finally(() => {
			probing = undefined;
		});
		const probed = probing;
		try {
			await endInTime(
				CHECK_LIMIT_MS,
				() => probed,
				() => new Error(`no answer within ${CHECK_LIMIT_MS} ms`),
			);
			present();
			return true;
		} catch (error) {
			absent(error);
			return false;
		}
	}

	function present(): void {
		if (outage)
			log.info(
				{ code: "database-back", seconds: seconds(outage), failures: outage.failures },
				"the database takes writes again",
			);
		outage = undefined;
		clearTimeout(timer);
	}

	function absent(err: unknown): void {
		const now = Date.now();
		if (!outage) {
			outage = { since: now, toldAt: now, failures: 0 };
			log.error({ code: "database-away", err }, "the database takes no writes");
		} else if (now - outage.toldAt >= REMIND_MS) {
			outage.toldAt = now;
			log.error(
				{ code: "database-away", err, seconds: seconds(outage), failures: outage.failures },
				"the database still takes no writes",
			);
		}
		clearTimeout(timer);
		if (!stopped) timer = setTimeout(check, RECHECK_MS).unref();
	}

	async function clarify(): Promise<void> {
		const failures: (() => void)[] = [];
		kept = failures;
		await check();
		kept = undefined;
		if (outage) {
			outage.failures += failures.length;
			return;
		}
		for (const tell of failures.slice(0, KEPT)) tell();
		if (failures.length > KEPT)
			log.error(
				{ code: "database-failures", count: failures.length - KEPT },
				"further failures of the same moment",
			);
	}

	return {
		check,
		suspect(err, facts, message) {
			const tell = () => log.error({ err, ...facts }, message);
			if (outage) outage.failures++;
			else if (kept) kept.push(tell);
			else {
				tell();
				void clarify();
			}
		},
		stop() {
			stopped = true;
			clearTimeout(timer);
		},
	};
}

function seconds(outage: { readonly since: number }): number {
	return Math.round((Date.now() - outage.since) / 1_000);
}
