// Loaded into the bot before its own code: counts the statements that it sends to its database, a whole string
// of several being one, and answers with the counts when it is asked.
import { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import { answerCalls } from "./calls.js";

const counts = new Map<string, number>();
/** How much of a statement tells it from others, in characters. */
const SHOWN = 160;

function note(statement: unknown): void {
	const text = typeof statement === "string" ? statement : textOf(statement);
	const key = text
		.replaceAll(/\s+/gu, " ")
		.replaceAll(/'[^']*'/gu, "'…'")
		.trim()
		.slice(0, SHOWN);
	counts.set(key, (counts.get(key) ?? 0) + 1);
}

function textOf(statement: unknown): string {
	if (statement !== null && typeof statement === "object" && "text" in statement)
		return String(statement.text);
	return "?";
}

type Method = (this: unknown, ...given: unknown[]) => unknown;

/** Notes the first argument of every call of these methods. */
function watch(owner: object, names: readonly string[]): void {
	for (const name of names) {
		const original = Reflect.get(owner, name) as Method;
		Reflect.set(owner, name, function (this: unknown, ...given: unknown[]) {
			note(given[0]);
			return Reflect.apply(original, this, given);
		});
	}
}

watch(pg.Client.prototype, ["query"]);
watch(PGlite.prototype, ["query", "exec"]);

const transaction = Reflect.get(PGlite.prototype, "transaction") as Method;
Reflect.set(PGlite.prototype, "transaction", function (this: unknown, work: Method) {
	// Begun and ended by statements of PGlite's own.
	note("begin");
	note("commit");
	const counted = (tx: object) => {
		const seen = Object.create(tx) as object;
		for (const name of ["query", "exec"]) {
			const original = Reflect.get(tx, name) as Method;
			Reflect.set(seen, name, (...given: unknown[]) => {
				note(given[0]);
				return Reflect.apply(original, tx, given);
			});
		}
		return work(seen);
	};
	return Reflect.apply(transaction, this, [counted]);
});

const calls = { statements: (): [string, number][] => [...counts] };
export type StatementCalls = typeof calls;
// The bot ends by itself, as it does without this.
answerCalls(calls, { wait: false });
