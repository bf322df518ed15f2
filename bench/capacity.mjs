// How the cost of following jobs grows, on paper and by simulation: `node bench/capacity.mjs [results.json …]`.
// What a poll costs is taken from runs of `npm run bench`, by default of all that are there the newest that measured it.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const RESULTS = fileURLToPath(new URL("../build/bench/results/", import.meta.url));

/** How many jobs are followed at a time. */
const JOBS = [1, 100, 1_000, 3_000, 10_000, 30_000];
/** WATCH_POLL_MAX_MS: jobs that run for hours are nearly always at the slowest poll. */
const INTERVAL_MS = 30_000;
/** What a read of a job takes in Graph, as the fake cloud answers; a real one takes longer, which delays nothing. */
const GRAPH_MS = 40;
/** Polls that one process has under way at most: `slots` of the queue `watch` in src/work/create-work.ts. */
const SLOTS = 128;
/** Beyond this share of a processor the waiting grows faster than the work. */
const BUSY = 0.6;
/** What one PostgreSQL server is taken to have for the bot. */
const SERVER_CORES = 4;
/** Late by less than this counts as on time. */
const LATE_MS = 200;
/** At this share of the polls that are due, nothing is left behind but what the window cut off. */
const KEPT_UP = 0.98;
/** How long all instances are down before the catching up, in milliseconds. */
const OUTAGE_MS = 10 * 60_000;

/**
 * Graph's limits per app; none is documented for recovery jobs themselves. 130,000 requests in 10 s for one app
 * over all of its tenants, and 2,000 a second in older copies of the same page; the stricter one is used.
 * https://learn.microsoft.com/graph/throttling-limits
 */
const GRAPH_PER_SECOND = 2_000;
/** Directory reads: resource units of a small tenant, of which each read that a cancel needs costs one. */
const DIRECTORY_UNITS_PER_10_S = 3_500;
/**
 * Teams: requests a second per app and tenant.
 * https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
 */
const TEAMS_PER_SECOND = 50;

const files = process.argv.length > 2 ? process.argv.slice(2) : newestLast(RESULTS);
const { samples, machine } = readMeasured(files);

function newestLast(directory) {
	return readdirSync(directory)
		.toSorted()
		.map((name) => `${directory}${name}`);
}

/** All samples by figure and side, each of the last file that has it. */
function readMeasured(paths) {
	const all = {};
	let last;
	for (const path of paths) {
		const run = JSON.parse(readFileSync(path, "utf8"));
		for (const [figure, sides] of Object.entries(run.samples)) all[figure] = { ...all[figure], ...sides };
		if (run.machine.postgres) last = run.machine;
	}
	if (!last || !Object.keys(all).some((figure) => figure.startsWith("pollCpuServer")))
		throw new Error("No results with followed jobs. Run: npm run bench -- --only watch,statements");
	return { samples: all, machine: last };
}

function cost(name, side) {
	const sorted = (samples[name]?.[side] ?? []).toSorted((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)];
}

/** The numbers of jobs that were followed for real, and those of them at which no poll was left out. */
function followed(side) {
	const counts = Object.keys(samples)
		.filter((figure) => /^polls\d+$/.test(figure) && samples[figure][side])
		.map((figure) => Number(figure.slice("polls".length)))
		.toSorted((a, b) => a - b);
	const kept = counts.filter((jobs) => cost(`polls${jobs}`, side) > KEPT_UP * ((jobs * 1_000) / INTERVAL_MS));
	return { counts, kept };
}

/**
 * Plays polls through instances and one server: each poll waits for its instance's processor, for one of the
 * server's, and for Graph. Resolves how late polls are in two steady intervals after everybody has been down for
 * `outageMs`, how long it takes until all are on time again, and the most that Graph is asked in one second.
 */
function simulate({ jobs, instances, botMs, serverMs, serverCores, outageMs }) {
	const bots = Array.from({ length: instances }, () => ({ freeAt: outageMs, slots: [] }));
	const cores = Array.from({ length: serverCores }, () => outageMs);
	const due = new Queue();
	const random = createRandom();
	for (let n = 0; n < jobs; n++) due.push(random() * INTERVAL_MS, n);
	const perSecond = new Map();
	const late = [];
	const end = outageMs + 12 * INTERVAL_MS;
	let caughtUpAt = outageMs;
	while (due.size > 0) {
		const { at: planned, job } = due.pop();
		if (planned > end) break;
		const bot = bots[job % instances];
		// A slot is free when fewer than all are under way; the oldest frees the next one.
		const slotAt = bot.slots.length < SLOTS ? 0 : bot.slots[bot.slots.length - SLOTS];
		const begun = Math.max(planned, bot.freeAt, slotAt, outageMs);
		bot.freeAt = begun + botMs;
		const core = cores.indexOf(Math.min(...cores));
		const served = Math.max(begun, cores[core]) + serverMs;
		cores[core] = served;
		const done = Math.max(served, bot.freeAt) + GRAPH_MS;
		bot.slots.push(done);
		if (bot.slots.length > 2 * SLOTS) bot.slots.splice(0, SLOTS);
		const second = Math.floor(begun / 1_000);
		perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
		const delay = begun - planned;
		if (delay > LATE_MS) caughtUpAt = begun;
		if (begun > end - 2 * INTERVAL_MS) late.push(delay);
		due.push(done + INTERVAL_MS, job);
	}
	const sorted = late.toSorted((a, b) => a - b);
	return {
		p95: sorted[Math.floor(sorted.length * 0.95)] ?? 0,
		caughtUpMs: caughtUpAt - outageMs,
		most: Math.max(...perSecond.values()),
	};
}

/** The same numbers in every run: https://en.wikipedia.org/wiki/Lehmer_random_number_generator */
function createRandom() {
	let state = 1;
	return () => {
		state = (state * 48_271) % 2_147_483_647;
		return state / 2_147_483_647;
	};
}

/** A queue by time: a binary heap. */
class Queue {
	#heap = [];
	get size() {
		return this.#heap.length;
	}
	push(at, job) {
		const heap = this.#heap;
		let child = heap.push({ at, job }) - 1;
		while (child > 0) {
			const parent = (child - 1) >> 1;
			if (heap[parent].at <= heap[child].at) break;
			[heap[parent], heap[child]] = [heap[child], heap[parent]];
			child = parent;
		}
	}
	pop() {
		const heap = this.#heap;
		const first = heap[0];
		const last = heap.pop();
		if (heap.length === 0) return first;
		heap[0] = last;
		for (let parent = 0; ; ) {
			let least = 2 * parent + 1;
			if (least >= heap.length) return first;
			if (least + 1 < heap.length && heap[least + 1].at < heap[least].at) least++;
			if (heap[parent].at <= heap[least].at) return first;
			[heap[parent], heap[least]] = [heap[least], heap[parent]];
			parent = least;
		}
	}
}

function print(rows) {
	const [head, ...lines] = rows;
	for (const cells of [head, head.map((_, n) => (n === 0 ? "---" : "---:")), ...lines])
		process.stdout.write(`| ${cells.join(" | ")} |\n`);
	process.stdout.write("\n");
}

const number = (value, digits = 0) =>
	value.toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });

const COSTS = [
	["pollCpu", "CPU ms in the bot", 1],
	["pollCpuServer", "CPU ms in the server", 1],
	["pollCommits", "transactions", 1],
	["pollRows", "rows written", 1],
	["pollLogKb", "KB of PostgreSQL's log", 1],
];
const SIDES = [
	["ours-embedded", "embedded"],
	["ours-postgres", "PostgreSQL"],
];
const measuredAt = SIDES.flatMap(([side, name]) =>
	followed(side).counts.map((jobs) => ({ side, name, jobs })),
);
const row = (title, value) => [title, ...measuredAt.map((at) => value(at))];
const orNone = (value, digits) => (value === undefined ? "-" : number(value, digits));
print([
	row("One poll, as measured", ({ name, jobs }) => `${name}, ${number(jobs)} jobs`),
	row("polls a second, of those due", ({ side, jobs }) =>
		[cost(`polls${jobs}`, side), (jobs * 1_000) / INTERVAL_MS].map((value) => number(value, 1)).join(" of "),
	),
	row("p95 late, ms", ({ side, jobs }) => orNone(cost(`late${jobs}`, side), 0)),
	...COSTS.map(([key, title, digits]) =>
		row(title, ({ side, jobs }) => orNone(cost(`${key}${jobs}`, side), digits)),
	),
]);

const server = "ours-postgres";
const basis = followed(server).kept.at(-1);
if (basis === undefined)
	throw new Error("At no number of jobs were all polls done; measure fewer: --jobs 100");
const botMs = cost(`pollCpu${basis}`, server);
const serverMs = cost(`pollCpuServer${basis}`, server);
const commits = cost(`pollCommits${basis}`, server);
const rowsWritten = cost(`pollRows${basis}`, server);
const logKb = cost(`pollLogKb${basis}`, server);
const embeddedMost = followed("ours-embedded").kept.at(-1);

print([
	[
		"Jobs followed",
		"polls a second",
		`of Graph's ${number(GRAPH_PER_SECOND)} a second`,
		"transactions a second",
		"rows written a second",
		"log, GB a day",
		"instances",
		`of a server with ${SERVER_CORES} cores`,
		"p95 late, ms",
		"after 10 min down: on time again, s",
		"… polls in the busiest second",
	],
	...JOBS.map((jobs) => {
		const polls = (jobs * 1_000) / INTERVAL_MS;
		const instances = Math.max(1, Math.ceil((polls * botMs) / 1_000 / BUSY));
		const facts = { jobs, instances, botMs, serverMs, serverCores: SERVER_CORES, outageMs: OUTAGE_MS };
		const { p95, caughtUpMs, most } = simulate(facts);
		return [
			number(jobs),
			number(polls, polls < 10 ? 2 : 0),
			`${number((polls / GRAPH_PER_SECOND) * 100, 1)} %`,
			number(polls * commits, polls < 10 ? 1 : 0),
			number(polls * rowsWritten, polls < 10 ? 1 : 0),
			number((polls * logKb * 86_400) / 1_024 / 1_024, 1),
			number(instances),
			`${number(((polls * serverMs) / 1_000 / SERVER_CORES) * 100, 1)} %`,
			number(p95),
			number(caughtUpMs / 1_000, 0),
			number(most),
		];
	}),
]);

const jobsPerCore = (ms) => Math.floor(((BUSY * 1_000) / ms) * (INTERVAL_MS / 1_000));
const cancelUnits = cost("directoryCalls", server);
process.stdout.write(
	`${[
		`By what a poll costs on PostgreSQL at ${number(basis)} jobs, one instance follows ${number(jobsPerCore(botMs))} jobs at ${BUSY * 100} % of a core.`,
		...(embeddedMost === undefined
			? []
			: [`Embedded, ${number(embeddedMost)} jobs are the most that were measured to be followed in time.`]),
		`One PostgreSQL with ${SERVER_CORES} cores carries ${number(jobsPerCore(serverMs) * SERVER_CORES)} jobs at ${BUSY * 100} % of its cores.`,
		`Graph's ${number(GRAPH_PER_SECOND)} requests a second are ${number((GRAPH_PER_SECOND * INTERVAL_MS) / 1_000)} jobs.`,
		...(cancelUnits === undefined
			? []
			: [
					`A cancel reads the directory ${number(cancelUnits)} times: a small tenant's ${number(DIRECTORY_UNITS_PER_10_S)} units in 10 s are ${number(DIRECTORY_UNITS_PER_10_S / 10 / cancelUnits)} cancels a second.`,
				]),
		`Teams' ${TEAMS_PER_SECOND} requests a second and tenant tell the end of ${TEAMS_PER_SECOND / 2} jobs a second: one card updated and one sent for each.`,
		`Measured on ${machine.cores} cores, Node ${machine.node}, ${machine.postgres}.`,
	].join("\n")}\n`,
);
