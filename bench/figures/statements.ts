import { setTimeout as delay } from "node:timers/promises";
import { callsOf } from "../calls.js";
import { monotonicMs } from "../cloud/ledger.js";
import type { StatementCalls } from "../count-statements.js";
import type { Session } from "../session.js";
import type { Side } from "../sides.js";

const WARM_UP = 10;
const CANCELS = 20;
/** How long it is watched doing nothing, to tell a cancel's statements from those that come anyway. */
const IDLE_MS = 5_000;
const SHOWN = 25;

/** Statements and Graph calls of one cancel, from cancels one after the other. */
export async function countStatements(session: Session, side: Side): Promise<void> {
	const { cloud, load, samples } = session;
	await cloud("setRules", { endsAtPoll: 1 });
	await session.withBot(side, { countStatements: side.ours }, async (bot) => {
		const ask = callsOf<StatementCalls>(bot.program.process);
		const look = async () => ({
			at: monotonicMs(),
			statements: side.ours ? new Map(await ask("statements")) : new Map<string, number>(),
		});
		await load("inTurn", WARM_UP);
		await delay(1_000);
		const first = await look();
		await delay(IDLE_MS);
		const before = await look();
		const graphBefore = await cloud("counts");
		await load("inTurn", CANCELS);
		// What is still under way of the last one belongs to it.
		await delay(1_000);
		const after = await look();
		const graphAfter = await cloud("counts");

		const idleRate = (total(before.statements) - total(first.statements)) / (before.at - first.at);
		const own = total(after.statements) - total(before.statements) - idleRate * (after.at - before.at);
		samples.add("statements", side.name, own / CANCELS);
		samples.add("idleStatements", side.name, idleRate * 1_000);
		const more = (kind: keyof typeof graphAfter) => graphAfter[kind] - graphBefore[kind];
		const calls = more("directory") + more("jobRead") + more("jobList") + more("cancel");
		samples.add("graphCalls", side.name, calls / CANCELS);
		samples.add("graphRequests", side.name, (calls - more("batched") + more("batch")) / CANCELS);
		samples.add("directoryCalls", side.name, more("directory") / CANCELS);
		samples.add("cards", side.name, (more("cardCreated") + more("cardUpdated")) / CANCELS);
		session.details[`statements a cancel, ${side.name}`] = [...after.statements]
			.map(([text, count]) => [text, (count - (before.statements.get(text) ?? 0)) / CANCELS] as const)
			.filter(([, count]) => count > 0)
			.toSorted(([, a], [, b]) => b - a)
			.slice(0, SHOWN)
			.map(([text, count]) => `${count.toFixed(1)} ${text}`);
	});
	await cloud("clear");
}

function total(statements: ReadonlyMap<string, number>): number {
	return [...statements.values()].reduce((sum, count) => sum + count, 0);
}
