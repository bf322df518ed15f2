import { mkdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { APPROVAL_MODES } from "./approval-modes.js";
import { botEnvironment } from "./bot-environment.js";
import { type BotProcess, startBotProcess } from "./bot-process.js";
import { startChannelProxy } from "./channel-proxy.js";
import { ON_CALL_GROUP, PEOPLE } from "./cloud/people.js";
import { startCloud } from "./cloud/start-cloud.js";
import { createCommands, startJob } from "./commands.js";
import { openControl, sendControl } from "./control.js";
import { keepBot } from "./kept-bot.js";
import { startPlayground } from "./playground.js";
import { compileBot, watchSources } from "./reload.js";
import { mustBeFree, readPort } from "./sandbox-port.js";
import { Teardown } from "./teardown.js";
import { welcome } from "./welcome.js";

const DIRECTORY = resolve(".sandbox");
/** Settings of the bot that may be tried from the shell: `GRAPH_API_VERSION=v1.0 npm run sandbox`. */
const TRIABLE = [
	"ALLOW_GUESTS",
	"APPROVALS",
	"APPROVALS_REQUIRED",
	"APPROVAL_TTL_MINUTES",
	"EMERGENCY_OVERRIDE",
	"GRAPH_API_VERSION",
	"LOG_LEVEL",
	"ONCALL_ACK_MINUTES",
	"REASON_REQUIRED",
	"WATCH_POLL_MIN_MS",
];

/** So short that alerts and escalations can be watched while they happen. */
const ON_CALL = { ALERT_POLL_MS: "2000", ONCALL_GROUP: ON_CALL_GROUP, ONCALL_ACK_MINUTES: "1" };

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const inWords = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The first word of `npm run dev`, where a change of the sources brings another bot. */
const WATCH = "--watch";
/** A debugger can be attached to the bot there; Node's own default. */
const INSPECT = "--inspect=127.0.0.1:9229";

/** A whole local world around the real bot, for playing, for looking and for working on the bot. */
async function main(
	teardown: Teardown,
	stop: (code: number, why?: string) => void,
	watching: boolean,
): Promise<void> {
	const port = readPort(process.env.SANDBOX_PORT);
	if ((await sendControl(DIRECTORY, ["help"])) !== undefined)
		throw new Error("A sandbox runs in this directory already. End it first, with Ctrl+C where it runs.");
	await mustBeFree(port);
	await rm(DIRECTORY, { recursive: true, force: true });
	await mkdir(DIRECTORY, { recursive: true });
	print("Starting a local Entra, Graph and Teams, and the bot …");

	const cloud = await startCloud();
	await teardown.add(() => cloud.stop());
	const recovery = startJob(cloud, { kind: "recovery" });
	const preview = startJob(cloud, { kind: "preview" });
	const ended = { startedAt: new Date(cloud.now().getTime() - 26 * 3_600_000), endsAfterMs: 2 * 3_600_000 };
	cloud.addJob({ kind: "preview", ...ended });
	const caPath = join(DIRECTORY, "ca.pem");
	await writeFile(caPath, cloud.caPem);

	let chosen: Readonly<Record<string, string>> = {};
	const command = createCommands({
		cloud,
		become: (person) => proxy.become(person),
		useApprovals(mode) {
			chosen = APPROVAL_MODES[mode];
			bot.renew().catch((error: unknown) => stop(1, inWords(error)));
		},
	});
	const proxy = await startChannelProxy({
		cloud,
		botUrl: () => bot.url(),
		connectorUrl: `http://localhost:${port}/_connector`,
		person: PEOPLE.admin,
		command,
	});
	await teardown.add(() => proxy.stop());
	const local = { caPath, dataDirectory: join(DIRECTORY, "data"), serviceUrlHost: proxy.serviceHost };
	const startBot = () =>
		startBotProcess(
			{ ...botEnvironment(cloud, local), ...ON_CALL, ...tried(), ...chosen },
			{
				onLine: (line) => (watching || process.env.SANDBOX_LOG) && print(line),
				execArgv: watching ? [INSPECT] : [],
			},
		);
	const bot = await keepBot(startBot, ({ lines }: BotProcess) => {
		if (watching) print("The bot ended. It starts again when a source changes.");
		else stop(1, `The bot ended:\n${lines.slice(-5).join("\n")}`);
	});
	await teardown.add(() => bot.stop());
	const { admin, ...others } = PEOPLE;
	const playground = await startPlayground({
		port,
		endpoint: proxy.endpoint,
		directory: DIRECTORY,
		tenantId: cloud.tenantId,
		botId: `28:${cloud.appId}`,
		current: admin,
		others: Object.values(others),
	});
	await teardown.add(() => playground.stop());
	playground.exited.then(() => stop(1, "The Playground ended."));
	await teardown.add(await openControl(DIRECTORY, command));
	print(welcome(playground.url, { recoveryId: recovery.id, previewId: preview.id }));
	if (!watching) return;
	print("  A change in src or cards starts the bot anew; a change in sandbox needs a new sandbox.\n");
	const reload = async () => {
		try {
			await compileBot();
			await bot.renew();
			print("The bot has been started anew.");
		} catch (error) {
			print(`${inWords(error)}\nThe bot has not been started anew.`);
		}
	};
	await teardown.add(watchSources(reload));
}

function tried(): Record<string, string> {
	const set = TRIABLE.map((name) => [name, process.env[name] ?? ""] as const);
	return Object.fromEntries(set.filter(([, value]) => value !== ""));
}

/** Gives the command to the running sandbox and says what it answered. */
async function instruct(words: readonly string[]): Promise<void> {
	const answer = await sendControl(DIRECTORY, words);
	print(answer ?? "No sandbox is running here. Start one with: npm run sandbox");
	if (answer === undefined) process.exitCode = 1;
}

function start(watching: boolean): void {
	const teardown = new Teardown();
	let stopping = false;
	const stop = (code: number, why?: string): void => {
		if (stopping) return;
		stopping = true;
		if (why !== undefined) print(why);
		teardown
			.run((error) => print(`Could not stop cleanly: ${inWords(error)}`))
			.finally(() => process.exit(code));
	};
	// From the first moment: whatever has been started by then has to be ended too.
	for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stop(0));
	main(teardown, stop, watching).catch((error: unknown) => stop(1, inWords(error)));
}

const words = process.argv.slice(2);
const watching = words[0] === WATCH;
if (words.length === 0 || watching) start(watching);
else await instruct(words);
