import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "@jest/globals";
import type { View } from "../../src/app/views.js";
import * as every from "./every.js";
import { views } from "./states.js";

type Name = View["view"];

const all = <N extends Name>(name: N) =>
	views.map(([, view]) => view).filter((view): view is Extract<View, { view: N }> => view.view === name);
const pairs = (left: readonly string[], right: readonly string[]) =>
	left.flatMap((one) => right.map((other) => `${one} ${other}`));

/** That what is shown is what there is, once or more often. */
function expectEach(shown: readonly unknown[], there: readonly unknown[]): void {
	const inWords = (things: readonly unknown[]) =>
		[...new Set(things.map((one) => JSON.stringify(one)))].sort();
	expect(inWords(shown)).toEqual(inWords(there));
}

describe("the states in which the cards are tested and drawn", () => {
	it("have a name each", () => {
		const names = views.map(([name]) => name);
		expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
	});

	it("are all kept to the letter", () => {
		const folder = new URL("__snapshots__/", import.meta.url);
		const kept = readdirSync(folder).map((file) => readFileSync(new URL(file, folder), "utf8"));
		const missing = views.filter(
			([name]) => !kept.some((text) => text.includes(`says the same as ever: ${name} 1`)),
		);
		expect(missing.map(([name]) => name)).toEqual([]);
	});

	it("are of every view", () => {
		expectEach(
			views.map(([, { view }]) => view),
			every.VIEWS,
		);
	});

	it("have the live card in every state, with every end, every wait and every reason to ask no more", () => {
		const records = all("live").map(({ cancellation }) => cancellation);
		expectEach(
			records.map(({ state }) => state),
			every.CANCELLATION_STATES,
		);
		expectEach(
			records.flatMap(({ outcome }) => outcome ?? []),
			every.OUTCOMES,
		);
		expectEach(
			records.flatMap(({ waiting }) => waiting?.why ?? []),
			every.WAITS,
		);
		expectEach(
			records.flatMap(({ stoppedAsking }) => stoppedAsking ?? []),
			[...every.REFUSALS, { by: "time" }, { by: "time", deadline: true }],
		);
		expectEach(
			records.map(({ jobKind }) => jobKind),
			every.JOB_KINDS,
		);
	});

	it("have a new message for every end, and for every reason to ask no more", () => {
		expectEach(
			all("follow-up").map(({ cancellation }) => cancellation.outcome),
			every.OUTCOMES,
		);
		expectEach(
			all("warning").map(({ cancellation }) => cancellation.stoppedAsking),
			[...every.REFUSALS, { by: "time" }, { by: "time", deadline: true }],
		);
	});

	it("refuse by every rule what may be refused, and for every reason not to know", () => {
		expectEach(
			all("refusal").map(({ rule, permission }) => `${rule} ${permission}`),
			pairs(every.RULES, every.PERMISSIONS),
		);
		expectEach(
			all("refusal").flatMap(({ problem }) => problem ?? []),
			every.STANDING_PROBLEMS,
		);
		expectEach(
			all("standing").flatMap(({ why }) => why ?? []),
			every.RULES,
		);
		expectEach(
			all("standing").flatMap(({ standing }) => (standing.kind === "unreadable" ? standing.why : [])),
			every.STANDING_PROBLEMS,
		);
	});

	it("show every job, every problem, and every way to be misunderstood", () => {
		expectEach(
			all("job").map(({ job }) => job.kind),
			every.JOB_KINDS,
		);
		expect(all("job").map(({ job }) => job.status)).toEqual(expect.arrayContaining([...every.JOB_ENDS]));
		expectEach(
			all("problem").map(({ code }) => code),
			every.PROBLEM_CODES,
		);
		expectEach(
			all("malformed").map(({ verb, problem }) => `${verb} ${problem}`),
			[...pairs(every.ID_VERBS, every.ID_PROBLEMS), ...pairs(every.RECEIPT_VERBS, every.RECEIPT_PROBLEMS)],
		);
	});
});
