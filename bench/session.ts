import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Teardown } from "../sandbox/teardown.js";
import { type Ask, callsOf } from "./calls.js";
import { benchProgram, type Program, startProgram } from "./child.js";
import type { CloudCalls, CloudFacts } from "./cloud/main.js";
import type { LoadCalls } from "./load/main.js";
import { Samples } from "./measure/samples.js";
import { openPostgres, type Postgres } from "./postgres.js";
import { createSide, type RunningBot, type Side, type SideName, type StartOptions } from "./sides.js";

/** Everything that a measurement works with. */
export interface Session {
	readonly cloud: Ask<CloudCalls>;
	readonly load: Ask<LoadCalls>;
	readonly sides: readonly Side[];
	readonly postgres: Postgres | undefined;
	readonly samples: Samples;
	/** Further facts for the JSON. */
	readonly details: Record<string, unknown>;
	tell(progress: string): void;
	/** Runs `work` with a bot that the load generator is aimed at, and stops the bot afterwards. */
	withBot<T>(side: Side, options: StartOptions, work: (bot: RunningBot) => Promise<T>): Promise<T>;
}

export async function openSession(names: readonly SideName[], teardown: Teardown): Promise<Session> {
	const tell = (progress: string) => void process.stderr.write(`${progress}\n`);
	const directory = mkdtempSync(join(tmpdir(), "recovery-control-bench-"));
	await teardown.add(() => rmSync(directory, { recursive: true, force: true }));
	const cloudProgram = await startHelper("cloud/main.js", teardown);
	const cloud = callsOf<CloudCalls>(cloudProgram.process);
	const facts = await cloud("describe");
	const loadProgram = await startHelper("load/main.js", teardown);
	const load = callsOf<LoadCalls>(loadProgram.process);
	const postgres = names.includes("ours-postgres") ? await openPostgres(teardown) : undefined;
	const caPath = join(directory, "ca.pem");
	writeFileSync(caPath, facts.caPem);
	if (names.includes("ours-postgres") && !postgres)
		tell(
			"ours-postgres is left out: neither BENCH_DATABASE_URL nor PostgreSQL's binaries in /usr/lib/postgresql",
		);
	const sides = names
		.filter((name) => name !== "ours-postgres" || postgres)
		.map((name) => createSide(name, { cloud: facts, caPath, directory, ...(postgres ? { postgres } : {}) }));
	for (const side of sides) {
		await side.empty();
		if (side.data.url !== undefined) await teardown.add(() => side.remove());
	}
	return {
		cloud,
		load,
		sides,
		postgres,
		samples: new Samples(),
		details: {},
		tell,
		async withBot(side, options, work) {
			const bot = await side.start(options);
			// Also when the measurement is broken off while it runs; stopping twice does no harm.
			await teardown.add(() => bot.stop());
			try {
				await aim(load, bot, side, facts);
				return await work(bot);
			} catch (error) {
				const why = error instanceof Error ? error.message : String(error);
				throw new Error(`${side.name}: ${why}\nIt printed lately:\n${bot.program.printed()}`, {
					cause: error,
				});
			} finally {
				await bot.stop();
			}
		},
	};
}

async function startHelper(script: string, teardown: Teardown): Promise<Program> {
	const program = startProgram(benchProgram(script), {});
	await teardown.add(() => program.stop());
	return program;
}

function aim(
	load: Ask<LoadCalls>,
	{ url }: RunningBot,
	{ dialogue }: Side,
	cloud: CloudFacts,
): Promise<void> {
	return load("aim", { url, cloud, dialogue });
}
