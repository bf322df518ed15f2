// biome-ignore-all lint/suspicious/noConsole: a command tells its user what it found
import { readFile } from "node:fs/promises";
import { relative } from "node:path";
import { parseArgs } from "node:util";
import { Stryker } from "@stryker-mutator/core";

/**
 * Changes the source in small ways, a folder of `src` at a time, and sees whether the tests of the same name
 * under `test` notice. `npm run mutation` does all folders, `npm run mutation -- core teams/routes.ts` some.
 *
 * Fails when fewer mutants of a whole folder are killed than must be (in percent), when one survives that
 * `survivors.json` does not explain, and when one that it explains survives no more.
 */
const MUST_BE_KILLED = {
	core: 92,
	app: 92,
	store: 85,
	teams: 85,
	cards: 85,
	http: 85,
	identity: 85,
	telemetry: 85,
};

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		mutate: { type: "string", multiple: true, default: [] },
		// Tries everything again, also what has not changed since the last run.
		force: { type: "boolean", default: false },
	},
});
const asked = [...positionals, ...values.mutate.flatMap((list) => list.split(","))].map((path) =>
	path.replace(/^src\//u, "").replace(/\/?\*.*$/u, ""),
);
const explained = JSON.parse(await readFile(new URL("survivors.json", import.meta.url), "utf8"));
const complaints = [];
for (const folder of Object.keys(MUST_BE_KILLED)) {
	const paths = asked.filter((path) => path === "" || path === folder || path.startsWith(`${folder}/`));
	if (asked.length === 0 || paths.includes("") || paths.includes(folder)) await judge(folder, [folder]);
	else if (paths.length > 0) await judge(folder, paths);
}
for (const complaint of complaints) console.error(complaint);
process.exitCode = complaints.length === 0 ? 0 : 1;

async function judge(folder, paths) {
	const mutants = await mutate(folder, paths);
	const isJudged = ({ file }) =>
		paths.some((path) => file === `src/${path}` || file.startsWith(`src/${path}/`));
	const judged = mutants.filter(isJudged).filter(({ status }) => status !== "Ignored");
	const survivors = judged.filter(({ status }) => status === "Survived" || status === "NoCoverage");
	const killed = judged.length - survivors.length;
	const score = (100 * killed) / judged.length;
	console.log(`${paths.join(", ")}: ${killed} of ${judged.length} killed, ${score.toFixed(1)} %`);
	if (paths.includes(folder) && score < MUST_BE_KILLED[folder])
		complaints.push(`${folder}: ${MUST_BE_KILLED[folder]} % must be killed`);
	for (const survivor of survivors)
		if (!explained.some((entry) => isSame(entry, survivor)))
			complaints.push(`survives: ${JSON.stringify(survivor)}`);
	for (const entry of explained.filter(isJudged))
		if (!survivors.some((survivor) => isSame(entry, survivor)))
			complaints.push(`in survivors.json, but survives no more: ${JSON.stringify(entry)}`);
}

async function mutate(folder, paths) {
	const results = await new Stryker({
		configFile: "test/mutation/stryker.config.json",
		mutate: paths.map((path) => (path.endsWith(".ts") ? `src/${path}` : `src/${path}/**/*.ts`)),
		force: values.force,
		incrementalFile: `build/mutation/${folder}.incremental.json`,
		htmlReporter: { fileName: `build/mutation/${folder}.html` },
		jest: {
			config: {
				testMatch: [`<rootDir>/test/${folder}/**/*.test.ts`],
				// Properties search at random for what nobody thought of; a mutant must fall to an example.
				testPathIgnorePatterns: ["/node_modules/", "\\.properties\\.test\\.ts$"],
			},
		},
	}).runMutationTest();
	return Promise.all(results.map(describe));
}

/** Names a mutant by the code that it changes, so that it keeps its name when lines move. */
async function describe({ fileName, location: { start, end }, replacement, status }) {
	const lines = (await readFile(fileName, "utf8")).split("\n").slice(start.line - 1, end.line);
	lines[lines.length - 1] = lines.at(-1).slice(0, end.column - 1);
	lines[0] = lines[0].slice(start.column - 1);
	const code = lines.map((line) => line.trim()).join(" ");
	return { file: relative(process.cwd(), fileName), line: start.line, code, becomes: replacement, status };
}

function isSame(one, other) {
	return one.file === other.file && one.code === other.code && one.becomes === other.becomes;
}
