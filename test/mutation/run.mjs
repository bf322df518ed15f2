// biome-ignore-all lint/suspicious/noConsole: a command tells its user what it found
import { readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, relative } from "node:path";
import { parseArgs } from "node:util";
import { Stryker } from "@stryker-mutator/core";
import { transformFile } from "@swc/core";
import { makeEmptyDatabase } from "../make-empty-database.js";

/**
 * Changes the source in small ways and sees whether the tests notice. `npm run mutation` does all of it,
 * `npm run mutation -- core teams/routes.ts` some; `--mutate 'src/core/*.ts'` is understood, too.
 *
 * A file is judged by all tests of the nearest folder that has any, and what they do not notice by all tests of `core`,
 * `app` or whatever it is in. For what is left, modules are loaded anew with the tests that bear its name
 * (`test/core/policy.test.ts`, `policy-….test.ts`), where there are such. Properties (`….properties.test.ts`) search at
 * random, storms (`storm.test.ts`) take seconds, and some tests draw every card that there is; a mutant must fall to an
 * example, and soon.
 *
 * The tests of `store` and `app` use the server that `DATABASE_URL` names, which saves the start of an
 * embedded database for every mutant.
 *
 * Names every survivor that `survivors.json` does not explain. Fails when fewer mutants of a whole folder are
 * killed than must be (in percent), and when one that is explained survives no more.
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

/** Not examples of one thing, and so not tried for what has no tests of its own. */
const SLOW = [
	"\\.properties\\.test\\.ts$",
	"/storm\\.test\\.ts$",
	"/cards/(?:cards|nameless|words)\\.test\\.ts$",
];

/** Modules are kept from one mutant to the next, which finds most of what tests notice in a quarter of the time. */
const KEPT = { name: "kept", ignoreStatic: true, nodeArgs: [] };
/** They are loaded anew for each, as what is computed while they are loaded needs. */
const ANEW = { name: "anew", ignoreStatic: false, nodeArgs: ["--experimental-vm-modules"] };

const { values, positionals } = parseArgs({
	allowPositionals: true,
	options: {
		mutate: { type: "string", multiple: true, default: [] },
		// Tries everything again, also what has not changed since the last run.
		force: { type: "boolean", default: false },
	},
});
const asked = [...positionals, ...values.mutate.flatMap((list) => list.split(","))].map((path) =>
	path.replace(/^(?:\.\/)?src\//u, "").replace(/\/?\*.*$|\/$/u, ""),
);
const explained = JSON.parse(await readFile(new URL("survivors.json", import.meta.url), "utf8"));
const complaints = [];
process.env.EMPTY_DATABASE = await makeEmptyDatabase();
for (const [folder, mustBeKilled] of Object.entries(MUST_BE_KILLED)) {
	const all = await filesIn(`src/${folder}`);
	const files = all.filter((file) => asked.length === 0 || asked.some((path) => isIn(file, `src/${path}`)));
	if (files.length > 0) await judge(folder, files, files.length === all.length ? mustBeKilled : 0);
}
for (const complaint of complaints) console.error(complaint);
process.exitCode = complaints.length === 0 ? 0 : 1;

async function judge(folder, files, mustBeKilled) {
	const counted = ["Killed", "Timeout", "Survived", "NoCoverage"];
	const mutants = (await mutateAll(folder, files)).filter(({ status }) => counted.includes(status));
	const survivors = mutants.filter(({ status }) => status === "Survived" || status === "NoCoverage");
	for (const file of files) report(file, mutants, survivors);
	if (report(`src/${folder}`, mutants, survivors) < mustBeKilled)
		complaints.push(`src/${folder}: ${mustBeKilled} % must be killed`);
	for (const survivor of survivors)
		if (!explained.some((entry) => isSame(entry, survivor)))
			console.log(`survives: ${JSON.stringify(survivor)}`);
	for (const entry of explained.filter(({ file }) => files.includes(file)))
		if (!survivors.some((survivor) => isSame(entry, survivor)))
			complaints.push(`in survivors.json, but survives no more: ${JSON.stringify(entry)}`);
}

function report(path, mutants, survivors) {
	const within = ({ file }) => isIn(file, path);
	const all = mutants.filter(within).length;
	const killed = all - survivors.filter(within).length;
	const score = (100 * killed) / all;
	if (all > 0) console.log(`${path}: ${killed} of ${all} killed, ${score.toFixed(1)} %`);
	return score;
}

async function mutateAll(folder, files) {
	const tests = await filesIn(`test/${folder}`);
	const groups = new Map();
	for (const file of files) {
		if (!(await isRun(file))) continue;
		const stem = file.replace(/^src/u, "test").replace(/\.ts$/u, "");
		const nearest = nearestFolder(stem, tests);
		const own = tests.filter(
			(test) => test.startsWith(stem) && /^(?:-.+)?\.test\.ts$/u.test(test.slice(stem.length)),
		);
		const group = groups.get(nearest) ?? { files: [], own: new Map() };
		group.files.push(file);
		group.own.set(file, own);
		groups.set(nearest, group);
	}
	const mutants = [];
	for (const [nearest, group] of groups) mutants.push(...(await mutate(nearest, group)));
	return mutants;
}

function nearestFolder(path, tests) {
	const folder = dirname(path);
	return tests.some((test) => isIn(test, folder)) ? folder : nearestFolder(folder, tests);
}

function testsOf(folder) {
	return [`${folder}/**/*.test.ts`];
}

/** Of types alone nothing is left to run: there is nothing to change, and Stryker fails where it finds no test. */
async function isRun(file) {
	const { code } = await transformFile(file, {
		jsc: { parser: { syntax: "typescript" } },
		isModule: true,
		minify: true,
		swcrc: false,
	});
	return code !== "export{};";
}

/** Every mutant of the files of a group, with how it fared in the end. */
async function mutate(nearest, { files, own }) {
	const found = new Map();
	const note = (mutants) => {
		for (const mutant of mutants)
			if (!isDone(found.get(keyOf(mutant)) ?? {})) found.set(keyOf(mutant), mutant);
	};
	/** The lines of what has not been noticed yet. */
	const left = (file) =>
		[...found.values()]
			.filter((one) => one.fileName.endsWith(`/${file}`) && !isDone(one))
			.map(({ location: { start, end } }) => `${file}:${start.line}-${end.line}`);
	const name = nameOf(nearest);
	note(await run(KEPT, files, testsOf(nearest), name));
	const whole = nearest.split("/").slice(0, 2).join("/");
	const lines = files.flatMap(left);
	if (whole !== nearest && lines.length > 0)
		note(await run(KEPT, lines, testsOf(whole), `${name}-by-${nameOf(whole)}`));
	for (const file of files) {
		const tests = own.get(file).length > 0 ? own.get(file) : testsOf(nearest);
		if (left(file).length > 0) note(await run(ANEW, left(file), tests, nameOf(file)));
	}
	return Promise.all([...found.values()].map(describe));
}

function nameOf(path) {
	return path.replace(/^(?:src|test)\//u, "").replaceAll("/", "-");
}

function keyOf({ fileName, location, replacement }) {
	return JSON.stringify([fileName, location, replacement]);
}

/** Whether loading it anew cannot tell more: a test has noticed it, or it is not to be tried at all. */
function isDone({ status, statusReason }) {
	if (status === "Ignored") return !/static/iu.test(statusReason);
	return status === "Killed" || status === "Timeout";
}

async function run(way, lines, tests, name) {
	const incrementalFile = `build/mutation/${name}.${way.name}.json`;
	await forgetSurvivors(incrementalFile);
	return new Stryker({
		configFile: "test/mutation/stryker.config.json",
		mutate: [...new Set(lines)],
		force: values.force,
		incrementalFile,
		htmlReporter: { fileName: `build/mutation/${name}.${way.name}.html` },
		ignoreStatic: way.ignoreStatic,
		testRunnerNodeArgs: [...way.nodeArgs, "--no-warnings"],
		jest: {
			configFile: `test/mutation/${way.name}.config.js`,
			config: {
				testMatch: tests.map((test) => `<rootDir>/${test}`),
				testPathIgnorePatterns: ["/node_modules/", ...(tests.some((test) => test.includes("*")) ? SLOW : [])],
			},
		},
	}).runMutationTest();
}

/**
 * Has every survivor of the last run tried again: of some, Stryker would not see that there is a new test. What
 * took too long is tried again, too, since that may have been the machine.
 */
async function forgetSurvivors(incrementalFile) {
	const report = await readFile(incrementalFile, "utf8").then(JSON.parse, () => undefined);
	if (!report) return;
	for (const file of Object.values(report.files))
		file.mutants = file.mutants.filter(({ status }) => status === "Killed");
	await writeFile(incrementalFile, JSON.stringify(report));
}

/** Names a mutant by the code that it changes and the line it begins in, so that it keeps its name when lines move. */
async function describe({ fileName, location: { start, end }, replacement, status }) {
	const lines = (await readFile(fileName, "utf8")).split("\n").slice(start.line - 1, end.line);
	const within = lines[0].trim();
	lines[lines.length - 1] = lines.at(-1).slice(0, end.column - 1);
	lines[0] = lines[0].slice(start.column - 1);
	const code = lines.map((line) => line.trim()).join(" ");
	return { file: relative(process.cwd(), fileName), within, code, becomes: replacement, status };
}

function isSame(one, other) {
	return ["file", "within", "code", "becomes"].every((name) => one[name] === other[name]);
}

function isIn(file, path) {
	return file === path || path === "src/" || file.startsWith(`${path}/`);
}

async function filesIn(folder) {
	const names = await readdir(folder, { recursive: true });
	return names
		.filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"))
		.map((name) => `${folder}/${name}`)
		.sort();
}
