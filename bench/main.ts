import { mkdirSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Teardown } from "../sandbox/teardown.js";
import { measureHelp } from "./figures/help.js";
import { measureIdle, prepare } from "./figures/idle.js";
import { measureLoad } from "./figures/load.js";
import { countStatements } from "./figures/statements.js";
import { measureWatch } from "./figures/watch.js";
import { table } from "./report.js";
import { openSession, type Session } from "./session.js";
import { SIDES, type Side, type SideName } from "./sides.js";

const FIGURES = ["idle", "latency", "acknowledge", "throughput", "statements", "watch", "help"] as const;
type Figure = (typeof FIGURES)[number];

const RESULTS = fileURLToPath(new URL("results/", import.meta.url));

const { values: flags } = parseArgs({
	options: {
		only: { type: "string" },
		sides: { type: "string" },
		rounds: { type: "string", default: "3" },
		jobs: { type: "string", default: "1000" },
	},
});

/** The named ones of a list; an unknown name ends the program with what there is. */
function chosen<Name extends string>(flag: string, given: string | undefined, all: readonly Name[]): Name[] {
	if (given === undefined) return [...all];
	const wanted = given.split(",").map((name) => name.trim());
	const unknown = wanted.filter((name) => !all.some((one) => one === name));
	if (unknown.length > 0) {
		process.stderr.write(`--${flag} knows ${all.join(", ")}, but not ${unknown.join(", ")}\n`);
		process.exit(2);
	}
	return all.filter((name) => wanted.includes(name));
}

async function measure(
	session: Session,
	wanted: ReadonlySet<Figure>,
	{ rounds, jobs }: { readonly rounds: number; readonly jobs: readonly number[] },
): Promise<void> {
	const ours = session.sides.filter((side) => side.ours);
	const withData = FIGURES.filter((figure) => figure !== "watch" && figure !== "help");
	for (const side of withData.some((figure) => wanted.has(figure)) ? ours : []) {
		session.tell(`first start: ${side.name}`);
		await prepare(session, side, wanted.has("idle"));
	}
	if (wanted.has("idle")) {
		session.tell("idle");
		await measureIdle(session, session.sides);
	}
	for (let round = 1; round <= rounds; round++) {
		// Each side once the first, so that what drifts on the machine falls on all alike.
		const shift = (round - 1) % session.sides.length;
		const sides = [...session.sides.slice(shift), ...session.sides.slice(0, shift)];
		await measureRound({ ...session, sides }, wanted, (what) =>
			session.tell(`round ${round} of ${rounds}: ${what}`),
		);
	}
	if (wanted.has("statements"))
		for (const side of session.sides.filter(({ dialogue }) => dialogue === "cancel")) {
			session.tell(`statements: ${side.name}`);
			await countStatements(session, side);
		}
	for (const side of ours) {
		for (const count of wanted.has("watch") ? jobs : []) {
			session.tell(`following ${count} jobs: ${side.name}`);
			await measureWatch(session, side, count);
		}
		if (wanted.has("help")) {
			session.tell(`help: ${side.name}`);
			await measureHelp(session, side);
		}
	}
}

async function measureRound(
	session: Session,
	wanted: ReadonlySet<Figure>,
	tell: (what: string) => void,
): Promise<void> {
	const { sides } = session;
	const load = {
		latency: wanted.has("latency"),
		acknowledge: wanted.has("acknowledge"),
		throughput: wanted.has("throughput"),
	};
	if (!Object.values(load).some(Boolean)) return;
	for (const side of sides) {
		tell(`under load, ${side.name}`);
		await measureLoad(session, side, load);
	}
}

/** Prints what was measured so far, and keeps it with every single sample. */
function report({ samples, sides, details, postgres }: Session, begunAt: Date): void {
	const names = SIDES.filter((name) => sides.some((side: Side) => side.name === name));
	const machine = {
		at: begunAt.toISOString(),
		cores: availableParallelism(),
		processor: cpus()[0]?.model,
		node: process.version,
		postgres: postgres?.what,
	};
	mkdirSync(RESULTS, { recursive: true });
	const file = `${RESULTS}${machine.at.replaceAll(":", "-")}.json`;
	writeFileSync(file, JSON.stringify({ machine, samples, details }, undefined, "\t"));
	const told = `${machine.cores} cores (${machine.processor}), Node ${machine.node}${machine.postgres ? `, ${machine.postgres}` : ""}`;
	process.stdout.write(`${table(samples, names as SideName[])}\n\n${told}. All samples: ${file}\n`);
}

async function main(): Promise<void> {
	const rounds = Number(flags.rounds);
	const jobs = flags.jobs.split(",").map(Number);
	const wanted = new Set(chosen("only", flags.only, FIGURES));
	const names = chosen("sides", flags.sides, SIDES);
	const begunAt = new Date();
	const teardown = new Teardown();
	const end = () => teardown.run((error) => process.stderr.write(`${error}\n`));
	for (const signal of ["SIGINT", "SIGTERM"] as const)
		process.once(signal, () => end().then(() => process.exit(1)));
	let session: Session | undefined;
	try {
		session = await openSession(names, teardown);
		await measure(session, wanted, { rounds, jobs });
	} finally {
		if (session) report(session, begunAt);
		await end();
	}
}

await main();
