import { mkdir, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { botEnvironment } from "./bot-environment.js";
import { type BotProcess, startBotProcess } from "./bot-process.js";
import { startChannelProxy } from "./channel-proxy.js";
import { PEOPLE } from "./cloud/people.js";
import { startCloud } from "./cloud/start-cloud.js";
import { createCommands, startJob } from "./commands.js";
import { openControl, sendControl } from "./control.js";
import { startPlayground } from "./playground.js";

const DIRECTORY = ".sandbox";
const DEFAULT_PORT = 56_150;

const print = (text: string): void => void process.stdout.write(`${text}\n`);

/** A whole local world around the real bot, for playing and for looking. */
async function main(): Promise<void> {
	const words = process.argv.slice(2);
	if (words.length > 0) return print(await sendControl(DIRECTORY, words));

	const port = Number(process.env.SANDBOX_PORT ?? DEFAULT_PORT);
	await mustBeFree(port);
	await rm(DIRECTORY, { recursive: true, force: true });
	await mkdir(DIRECTORY, { recursive: true });
	print("Starting a local Entra, Graph and Teams, and the bot …");

	const cloud = await startCloud();
	const recovery = startJob(cloud, "recovery");
	const preview = startJob(cloud, "preview");
	const ended = { startedAt: new Date(Date.now() - 26 * 3_600_000), endsAfterMs: 2 * 3_600_000 };
	cloud.addJob({ kind: "preview", ...ended });
	const caPath = join(DIRECTORY, "ca.pem");
	await writeFile(caPath, cloud.tls.cert);

	let bot: BotProcess | undefined;
	const command = createCommands({ cloud, become: (person) => proxy.become(person) });
	const proxy = await startChannelProxy({
		cloud,
		botUrl: () => bot?.url ?? "",
		connectorUrl: `http://localhost:${port}/_connector`,
		person: PEOPLE.admin,
		command,
	});
	bot = await startBotProcess(
		botEnvironment(cloud, {
			caPath,
			dataDirectory: join(DIRECTORY, "data"),
			serviceUrlHost: proxy.serviceHost,
		}),
		{ onLine: (line) => process.env.SANDBOX_LOG && print(line) },
	);
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
	const closeControl = await openControl(DIRECTORY, command);
	print(welcome(playground.url, recovery.id, preview.id));

	let stopping = false;
	const stop = async (code: number, why?: string) => {
		if (stopping) return;
		stopping = true;
		if (why !== undefined) print(why);
		closeControl();
		playground.stop();
		proxy.stop();
		await bot?.stop();
		await cloud.stop();
		process.exit(code);
	};
	bot.exited.then(() => stop(1, `The bot ended:\n${bot?.lines.slice(-5).join("\n")}`));
	playground.exited.then(() => stop(1, "The Playground ended."));
	for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => void stop(0));
}

function welcome(url: string, recoveryId: string, previewId: string): string {
	return `
  Open   ${url}

  and type, as ${PEOPLE.admin.name}, who is an Entra Backup Administrator:

    jobs
    cancel job ${recoveryId} because wrong snapshot

  Running: recovery job ${recoveryId}
           preview job  ${previewId}

  To be somebody else, type "sandbox be reader" (or nobody, guest, admin2, scoped) in the chat,
  or in another shell: npm run sandbox -- be reader
  More jobs: "sandbox job recovery". Trouble: "sandbox fault 429". All of it: "sandbox help".
  Ctrl+C ends it.
`;
}

/** @throws when another program listens on the port */
function mustBeFree(port: number): Promise<void> {
	return new Promise((resolve, reject) => {
		const probe = createServer();
		probe.once("error", () =>
			reject(new Error(`Port ${port} is taken. Choose another one: SANDBOX_PORT=56160 npm run sandbox`)),
		);
		probe.listen(port, () => probe.close(() => resolve()));
	});
}

main().catch((error: unknown) => {
	print(error instanceof Error ? error.message : String(error));
	process.exit(1);
});
