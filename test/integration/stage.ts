import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { botEnvironment } from "../../src/sandbox/bot-environment.js";
import { type BotProcess, startBotProcess } from "../../src/sandbox/bot-process.js";
import type { SentActivity } from "../../src/sandbox/cloud/connector.js";
import { PEOPLE, type Person } from "../../src/sandbox/cloud/people.js";
import { type Cloud, startCloud } from "../../src/sandbox/cloud/start-cloud.js";

/**
 * The built bot in a process of its own, in a local cloud over TLS, with real signed tokens. With
 * `DATABASE_URL` it uses a fresh database on that server, else the embedded one.
 */
export interface Stage {
	readonly cloud: Cloud;
	bot: BotProcess;
	/** Starts the bot again on the same data. */
	restart(): Promise<void>;
	/** Sends an activity the way Teams does. */
	send(activity: object, forgery?: Forgery): Promise<{ status: number; body: string }>;
	say(person: Person, text: string, more?: object): Promise<{ status: number; body: string }>;
	press(person: Person, verb: string, data: object, more?: object): Promise<{ status: number; body: string }>;
	/** The first message in a conversation whose card's text fits. */
	card(conversationId: string, text: RegExp, how?: SentActivity["how"]): Promise<SentActivity>;
	/** How many requests reached a path. */
	count(method: string, path: RegExp): number;
	close(): Promise<void>;
}

export interface Forgery {
	readonly authorization?: string;
	readonly claims?: Readonly<Record<string, unknown>>;
	readonly forged?: boolean;
}

export async function openStage(settings: Readonly<Record<string, string>> = {}): Promise<Stage> {
	const directory = await mkdtemp(join(tmpdir(), "recovery-control-"));
	const cloud = await startCloud();
	const caPath = join(directory, "ca.pem");
	await writeFile(caPath, cloud.tls.cert);
	const database = await freshDatabase();
	const environment = {
		...botEnvironment(cloud, { caPath, dataDirectory: join(directory, "data") }),
		...(database ? { DATABASE_URL: database.url } : {}),
		WATCH_POLL_MIN_MS: "100",
		WATCH_POLL_MAX_MS: "500",
		...settings,
	};
	const serviceUrl = `${cloud.origin}/teams/`;

	const stage: Stage = {
		cloud,
		bot: await startBotProcess(environment),
		async restart() {
			stage.bot = await startBotProcess(environment);
		},
		async send(activity, forgery = {}) {
			const claims = { serviceurl: serviceUrl, ...forgery.claims };
			const token = await (forgery.forged ? cloud.channel.forge(claims) : cloud.channel.sign(claims));
			const response = await fetch(`${stage.bot.url}/api/messages`, {
				method: "POST",
				headers: {
					"content-type": "application/json",
					connection: "close",
					authorization: forgery.authorization ?? `Bearer ${token}`,
				},
				body: JSON.stringify(activity),
			});
			return { status: response.status, body: await response.text() };
		},
		say: (person, text, more = {}) => stage.send({ ...common(person), type: "message", text, ...more }),
		press: (person, verb, data, more = {}) =>
			stage.send({
				...common(person),
				type: "invoke",
				name: "adaptiveCard/action",
				value: { action: { type: "Action.Execute", verb, data }, trigger: "manual" },
				...more,
			}),
		card: (conversationId, text, how) =>
			cloud.connector.find(
				(sent) =>
					sent.conversationId === conversationId &&
					(how === undefined || sent.how === how) &&
					text.test(JSON.stringify(sent.activity)),
			),
		count: (method, path) =>
			cloud.requests.filter((request) => request.method === method && path.test(request.path)).length,
		async close() {
			await stage.bot.stop();
			await cloud.stop();
			await database?.drop();
			await rm(directory, { recursive: true, force: true });
		},
	};
	return stage;

	function common(person: Person) {
		return {
			id: randomUUID(),
			timestamp: new Date().toISOString(),
			channelId: "msteams",
			serviceUrl,
			from: { id: person.channelUserId, name: person.name, aadObjectId: person.userId },
			recipient: { id: `28:${cloud.appId}`, name: "Recovery Control" },
			conversation: { id: `chat-${person.key}`, conversationType: "personal", tenantId: cloud.tenantId },
			channelData: { tenant: { id: cloud.tenantId } },
		};
	}
}

export { PEOPLE };

async function freshDatabase(): Promise<{ url: string; drop(): Promise<void> } | undefined> {
	const server = process.env.DATABASE_URL;
	if (server === undefined) return undefined;
	const name = `stage_${randomUUID().replaceAll("-", "")}`;
	const run = async (statement: string) => {
		const client = new pg.Client({ connectionString: server });
		await client.connect();
		await client.query(statement);
		await client.end();
	};
	await run(`create database ${name}`);
	const url = new URL(server);
	url.pathname = `/${name}`;
	return { url: url.href, drop: () => run(`drop database ${name} with (force)`) };
}
