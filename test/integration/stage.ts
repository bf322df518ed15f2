import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { botEnvironment } from "../../sandbox/bot-environment.js";
import { type BotProcess, startBotProcess } from "../../sandbox/bot-process.js";
import type { SentActivity } from "../../sandbox/cloud/connector.js";
import type { SeenRequest } from "../../sandbox/cloud/http.js";
import { PEOPLE, type Person } from "../../sandbox/cloud/people.js";
import type { Cloud } from "../../sandbox/cloud/start-cloud.js";
import { Teardown } from "../../sandbox/teardown.js";
import { copyDatabase, QUICK_START } from "../empty-database.js";
import { startTestCloud } from "../start-test-cloud.js";

const START_LIMIT_MS = 30_000;
/**
 * How long a card is waited for, on a busy machine, too. On a server, work that a killed bot had begun is missed only
 * after some heartbeats.
 */
export const CARD_LIMIT_MS = process.env.DATABASE_URL === undefined ? 15_000 : 30_000;
/** So many of its latest lines are shown when a card did not come. */
const PRINTED = 20;

/**
 * The built bot in a process of its own, in a local cloud over TLS, with real signed tokens. With
 * `DATABASE_URL` it uses a fresh database on that server, else the embedded one.
 */
export interface Stage {
	readonly cloud: Cloud;
	bot: BotProcess;
	/** Starts the bot again on the same data; its clock may be ahead of everybody else's. */
	restart(aheadMs?: number): Promise<void>;
	/** Starts a second instance on the same data, which only a server allows. */
	another(): Promise<BotProcess>;
	/** Sends an activity the way Teams does. */
	send(activity: object, forgery?: Forgery): Promise<{ status: number; body: string }>;
	say(person: Person, text: string, more?: object): Promise<{ status: number; body: string }>;
	press(person: Person, verb: string, data: object, more?: object): Promise<{ status: number; body: string }>;
	/** The first message in a conversation whose card's text fits, sent within `CARD_LIMIT_MS`. */
	card(conversationId: string, text: RegExp, how?: SentActivity["how"]): Promise<SentActivity>;
	/** How many requests reached a path. */
	count(method: string, path: RegExp): number;
	/** Waits until one more request than by now has reached a path. */
	next(method: string, path: RegExp): Promise<void>;
	close(): Promise<void>;
}

export interface Forgery {
	readonly authorization?: string;
	readonly claims?: Readonly<Record<string, unknown>>;
	readonly forged?: boolean;
}

/** Rejects when the bot does not start, and leaves nothing behind then. */
export async function openStage(settings: Readonly<Record<string, string>> = {}): Promise<Stage> {
	const teardown = new Teardown();
	try {
		return await buildStage(settings, teardown);
	} catch (error) {
		await close(teardown);
		throw error;
	}
}

async function close(teardown: Teardown): Promise<void> {
	const failures: unknown[] = [];
	await teardown.run((error) => failures.push(error));
	if (failures.length > 0) throw new AggregateError(failures, "the stage could not be closed");
}

async function buildStage(settings: Readonly<Record<string, string>>, teardown: Teardown): Promise<Stage> {
	const directory = await mkdtemp(join(tmpdir(), "recovery-control-"));
	await teardown.add(() => rm(directory, { recursive: true, force: true }));
	const cloud = await startTestCloud();
	await teardown.add(() => cloud.stop());
	const caPath = join(directory, "ca.pem");
	await writeFile(caPath, cloud.tls.cert);
	const dataDirectory = join(directory, "data");
	copyDatabase(dataDirectory);
	const database = await freshDatabase();
	if (database) await teardown.add(() => database.drop());
	const environment = {
		...botEnvironment(cloud, { caPath, dataDirectory }),
		...(database ? { DATABASE_URL: database.url } : {}),
		WATCH_POLL_MIN_MS: "100",
		WATCH_POLL_MAX_MS: "500",
		...settings,
	};
	const serviceUrl = `${cloud.origin}/teams/`;

	const stage: Stage = {
		cloud,
		bot: await startBot(),
		async restart(aheadMs) {
			stage.bot = await startBot(aheadMs);
		},
		another: () => startBot(),
		async send(activity, forgery = {}) {
			const { url } = stage.bot;
			const claims = { serviceurl: serviceUrl, ...forgery.claims };
			const token = await (forgery.forged ? cloud.channel.forge(claims) : cloud.channel.sign(claims));
			const response = await fetch(`${url}/api/messages`, {
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
			cloud.connector
				.find(
					`a card in ${conversationId} that shows ${text}`,
					(sent) =>
						sent.conversationId === conversationId &&
						(how === undefined || sent.how === how) &&
						text.test(JSON.stringify(sent.activity)),
					CARD_LIMIT_MS,
				)
				.catch((error: Error) => {
					const printed = stage.bot.lines.slice(-PRINTED).join("\n");
					throw new Error(`${error.message}\nand the bot printed lately:\n${printed}`);
				}),
		count: (method, path) =>
			cloud.requests.filter((request) => request.method === method && path.test(request.path)).length,
		async next(method, path) {
			const before = cloud.requests.length;
			const fits = (request: SeenRequest) => request.method === method && path.test(request.path);
			await cloud.request(
				`another ${method} ${path}`,
				(request) => fits(request) && cloud.requests.indexOf(request) >= before,
			);
		},
		close: () => close(teardown),
	};
	return stage;

	async function startBot(aheadMs = 0): Promise<BotProcess> {
		const execArgv = aheadMs === 0 ? QUICK_START : [...QUICK_START, clockAhead(aheadMs)];
		const bot = await startBotProcess(environment, { startLimitMs: START_LIMIT_MS, execArgv });
		await teardown.add(() => bot.stop());
		return bot;
	}

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

/** An option of Node's that puts the clock of a process ahead. */
function clockAhead(ms: number): string {
	const script = `const Real = Date;
		globalThis.Date = class extends Real {
			constructor(...given) { if (given.length > 0) super(...given); else super(Real.now() + ${ms}); }
			static now() { return Real.now() + ${ms}; }
		};`;
	return `--import=data:text/javascript,${encodeURIComponent(script)}`;
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
