import { afterEach, beforeEach, describe, expect, it, jest } from "@jest/globals";
import { type DatabaseProxy, openDatabaseProxy } from "../store/database-proxy.js";
import { createTestDatabase } from "../store/open-test-database.js";
import { waitFor } from "../wait-for.js";
import { openStage, PEOPLE, type Stage } from "./stage.js";

jest.setTimeout(120_000);

const server = process.env.DATABASE_URL;
const onServer = server === undefined ? describe.skip : describe;
const { admin } = PEOPLE;

onServer("a bot whose database server fails (needs DATABASE_URL)", () => {
	let created: { url: string; drop(): Promise<void> };
	let proxy: DatabaseProxy;
	let stage: Stage;
	beforeEach(async () => {
		created = await createTestDatabase(server ?? "");
		proxy = await openDatabaseProxy(created.url);
		stage = await openStage({ DATABASE_URL: proxy.url });
	});
	afterEach(async () => {
		proxy?.accept();
		proxy?.thaw();
		await stage?.close();
		await proxy?.close();
		await created?.drop();
	});

	const readiness = async () => (await fetch(`${stage.bot.url}/readyz`)).status;
	const ready = () => waitFor("the bot to be ready", readiness, (status) => status === 200);
	const inChat = (id: string) => ({
		id: `message-${id}`,
		conversation: { id, conversationType: "groupChat", tenantId: stage.cloud.tenantId },
	});
	const ask = async (chat: string) => (await stage.say(admin, "help", inChat(chat))).status;
	const answers = (chat: string) =>
		stage.cloud.connector.sent.filter(
			(sent) => sent.conversationId === chat && sent.how === "create" && sent.activity.type === "message",
		);
	const logged = (text: string) => stage.bot.lines.filter((line) => line.includes(text));

	/** Delivers again what was not taken, as Teams does, and expects an end of each, and no answer twice. */
	async function deliverAgain(chats: readonly string[], statuses: readonly number[]): Promise<void> {
		for (const [n, chat] of chats.entries()) if (statuses[n] !== 200) expect(await ask(chat)).toBe(200);
		// Work whose taking was lost is free again when its heartbeat has been missed.
		const open = async () => chats.filter((chat) => answers(chat).length === 0);
		await waitFor("an answer in each chat", open, (chats) => chats.length === 0);
		expect(chats.filter((chat) => answers(chat).length > 1)).toEqual([]);
	}

	it("lives through broken connections, says that it is not ready, and loses nothing", async () => {
		for (let round = 0; round < 2; round++) {
			const chats = Array.from({ length: 30 }, (_, n) => `broken-${round}-${n}`);
			const asked = chats.map(ask);
			await asked[0];
			proxy.cut("refuse");
			expect(await readiness()).toBe(503);
			const statuses = await Promise.all(asked);
			expect(new Set(statuses.filter((status) => status < 500))).toEqual(new Set([200]));
			proxy.accept();
			await ready();
			await deliverAgain(chats, statuses);
		}
		const gone = logged("the database takes no writes").length;
		expect(gone).toBeGreaterThanOrEqual(2);
		expect(logged("the database takes writes again")).toHaveLength(gone);
		expect(logged("work queue error").length).toBeLessThan(20);
		expect(logged("[object Object]")).toEqual([]);
	});

	it("answers in its time while the server is frozen, and goes on when it is not", async () => {
		const chats = Array.from({ length: 20 }, (_, n) => `frozen-${n}`);
		expect(await readiness()).toBe(200);
		proxy.freeze();
		const started = Date.now();
		const asked = Promise.all(chats.map(ask));
		expect(await readiness()).toBe(503);
		expect(Date.now() - started).toBeLessThan(3_000);
		const statuses = await asked;
		expect(new Set(statuses)).toEqual(new Set([500]));
		expect(Date.now() - started).toBeLessThan(10_000);
		proxy.thaw();
		await ready();
		await deliverAgain(chats, statuses);
	});

	it("ends within ten seconds while the server is frozen, and says what did not end", async () => {
		proxy.freeze();
		const pending = ask("frozen");
		const started = Date.now();
		await stage.bot.stop();
		expect(await stage.bot.exited).toBe(1);
		expect(Date.now() - started).toBeLessThan(10_500);
		expect(logged('"unfinished":["work: did not end')).toHaveLength(1);
		await pending.catch(() => {});
		proxy.thaw();
		await stage.restart();
		expect(await ask("frozen")).toBe(200);
		await stage.card("frozen", /./u);
	});
});
