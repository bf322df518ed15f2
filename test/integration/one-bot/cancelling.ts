import { beforeAll, describe, expect, it } from "@jest/globals";
import { PEOPLE, type Stage } from "../stage.js";

const { admin, admin2, reader, nobody, guest, scoped, disabled } = PEOPLE;

const FOLLOW_UP = /"alert":true/u;

/** A cancellation from the message to its end, and what the front door turns away. `opened` gives the stage once it is open. */
export function cancelling(opened: () => Stage): void {
	describe("the bot in its cloud", () => {
		let stage: Stage;
		beforeAll(() => {
			stage = opened();
		});

		const inChat = (id: string) => ({
			conversation: { id, conversationType: "groupChat", tenantId: stage.cloud.tenantId },
		});
		const cancels = (jobId: string) => stage.count("POST", new RegExp(`jobs/${jobId}/.*cancel$`, "u"));

		it("cancels a job from a typed message and announces the end as a new message", async () => {
			const job = stage.cloud.addJob({ stopLagMs: 300 });
			const chat = `typed-${job.id}`;
			expect(
				await stage.say(admin, `cancel job ${job.id} because wrong snapshot`, inChat(chat)),
			).toMatchObject({ status: 200 });
			await stage.card(chat, /Asked by.*wrong snapshot|wrong snapshot.*Asked by/u);
			const followUp = await stage.card(chat, FOLLOW_UP, "create");
			const text = JSON.stringify(followUp.activity);
			expect(text).toContain("Recovery job stopped");
			expect(text).toContain(admin.name);
			expect(cancels(job.id)).toBe(1);
			const sent = stage.cloud.requests.find(
				(r) => r.method === "POST" && r.path.endsWith(`${job.id}/cancel`),
			);
			expect(sent?.headers["client-request-id"]).toMatch(/^[0-9a-f-]{36}$/u);
			expect(sent?.body).toBe("");
		});

		it("keeps a thread in a channel together", async () => {
			const job = stage.cloud.addJob({ stopLagMs: 0 });
			const thread = "19:channel@thread.tacv2;messageid=1700000000000";
			await stage.say(admin, `<at>Recovery Control</at> cancel job ${job.id}`, {
				conversation: { id: thread, conversationType: "channel", tenantId: stage.cloud.tenantId },
				entities: [
					{
						type: "mention",
						text: "<at>Recovery Control</at>",
						mentioned: { id: `28:${stage.cloud.appId}`, name: "Recovery Control" },
					},
				],
			});
			expect(await stage.card(thread, FOLLOW_UP)).toMatchObject({ conversationId: thread, how: "create" });
		});

		it("cancels a preview job on the press of a button, in place of the pressed card", async () => {
			const job = stage.cloud.addJob({ kind: "preview", stopLagMs: 200 });
			const chat = `pressed-${job.id}`;
			const answer = await stage.press(
				admin,
				"cancel-job",
				{ id: job.id, version: 1, reason: "not this one" },
				{
					...inChat(chat),
					replyToId: "the-pressed-card",
				},
			);
			expect(answer.status).toBe(200);
			expect(JSON.parse(answer.body)).toMatchObject({
				statusCode: 200,
				type: "application/vnd.microsoft.card.adaptive",
			});
			expect(await stage.card(chat, /./u, "update")).toMatchObject({ id: "the-pressed-card" });
			await stage.card(chat, FOLLOW_UP);
			expect(cancels(job.id)).toBe(1);
		});

		it("lets a member of a group that holds the role cancel", async () => {
			const job = stage.cloud.addJob({ stopLagMs: 0 });
			await stage.say(admin2, `stop ${job.id}`, inChat(`group-${job.id}`));
			await stage.card(`group-${job.id}`, FOLLOW_UP);
			expect(cancels(job.id)).toBe(1);
		});

		it.each([reader, nobody, guest, scoped, disabled])(
			"refuses $key without any call to cancel",
			async (person) => {
				const job = stage.cloud.addJob({});
				const chat = `refused-${job.id}`;
				await stage.say(person, `cancel job ${job.id}`, inChat(chat));
				await stage.card(chat, /you may not cancel jobs/u);
				expect(cancels(job.id)).toBe(0);
			},
		);

		it("makes one POST for two people who ask at the same moment, and tells both", async () => {
			const job = stage.cloud.addJob({ stopLagMs: 300 });
			await Promise.all([
				stage.say(admin, `cancel job ${job.id}`, inChat(`first-${job.id}`)),
				stage.say(admin2, `cancel job ${job.id}`, inChat(`second-${job.id}`)),
			]);
			await stage.card(`first-${job.id}`, FOLLOW_UP);
			await stage.card(`second-${job.id}`, FOLLOW_UP);
			expect(cancels(job.id)).toBe(1);
		});

		it("acts once when Teams delivers the same message four times at once", async () => {
			const job = stage.cloud.addJob({ stopLagMs: 200 });
			const chat = `again-${job.id}`;
			const same = { id: `same-${job.id}`, ...inChat(chat) };
			await Promise.all([1, 2, 3, 4].map(() => stage.say(admin, `cancel job ${job.id}`, same)));
			await stage.card(chat, FOLLOW_UP);
			await stage.say(admin, `cancel job ${job.id}`, same);
			expect(cancels(job.id)).toBe(1);
			const created = stage.cloud.connector.sent.filter(
				(sent) => sent.conversationId === chat && sent.how === "create",
			);
			expect(created).toHaveLength(2);
		});

		it("answers a press truthfully within three seconds while Graph hangs, and posts the answer later", async () => {
			const job = stage.cloud.addJob({});
			const chat = `hang-${job.id}`;
			stage.cloud.faults.add({
				match: (request) => request.path.includes(reader.userId),
				times: 1,
				do: { delayMs: 2_600 },
			});
			const started = performance.now();
			const answer = await stage.press(reader, "cancel-job", { id: job.id, version: 1 }, inChat(chat));
			expect(performance.now() - started).toBeLessThan(3_000);
			expect(answer.status).toBe(200);
			expect(answer.body).toMatch(/recorded/iu);
			await stage.card(chat, /Entra Backup Administrator/u);
		});

		it("sends one card and no question to Graph for an id that is none", async () => {
			const before = stage.count("GET", /^\/(beta|v1\.0)\//u);
			await stage.say(admin, "cancel job 42", inChat("malformed"));
			await stage.card("malformed", /cancel job/u);
			expect(stage.count("GET", /^\/(beta|v1\.0)\//u)).toBe(before);
		});

		it("lists jobs to somebody who may look, and nothing to somebody who may not", async () => {
			const job = stage.cloud.addJob({});
			await stage.say(reader, "jobs", inChat("list-reader"));
			await stage.card("list-reader", new RegExp(job.id, "u"));
			await stage.say(nobody, "jobs", inChat("list-nobody"));
			const refusal = await stage.card("list-nobody", /./u);
			expect(JSON.stringify(refusal.activity)).not.toContain(job.id);
		});

		it("says that a job which is over is over, and asks nothing of Graph", async () => {
			const job = stage.cloud.addJob({ startedAt: new Date(Date.now() - 10_000), endsAfterMs: 5_000 });
			await stage.say(admin, `cancel job ${job.id}`, inChat(`over-${job.id}`));
			await stage.card(`over-${job.id}`, /Nothing to cancel: the job completed/u);
			expect(cancels(job.id)).toBe(0);
		});

		it("treats a 403 from Graph as an answer, with what to do", async () => {
			const job = stage.cloud.addJob({});
			stage.cloud.faults.add({
				match: (request) => request.path.endsWith(`${job.id}/cancel`),
				do: { status: 403, body: { error: { code: "Forbidden", message: "Insufficient permissions" } } },
			});
			await stage.say(admin, `cancel job ${job.id}`, inChat(`forbidden-${job.id}`));
			const followUp = await stage.card(`forbidden-${job.id}`, FOLLOW_UP);
			expect(JSON.stringify(followUp.activity)).toMatch(/service principal/u);
			expect(cancels(job.id)).toBe(1);
		});

		it("waits a fractional Retry-After and then asks again", async () => {
			const job = stage.cloud.addJob({ stopLagMs: 0 });
			stage.cloud.faults.add({
				match: (request) => request.path.endsWith(`${job.id}/cancel`),
				times: 1,
				do: { status: 429, headers: { "retry-after": "1.128" } },
			});
			await stage.say(admin, `cancel job ${job.id}`, inChat(`throttled-${job.id}`));
			await stage.card(`throttled-${job.id}`, FOLLOW_UP);
			const [first, second] = stage.cloud.requests.filter((request) =>
				request.path.endsWith(`${job.id}/cancel`),
			);
			expect((second?.at.getTime() ?? 0) - (first?.at.getTime() ?? 0)).toBeGreaterThanOrEqual(1_128);
		});

		it("does not post again when the answer to a cancel that worked was lost", async () => {
			const job = stage.cloud.addJob({ stopLagMs: 0 });
			stage.cloud.faults.add({
				match: (request) => request.path.endsWith(`${job.id}/cancel`),
				times: 1,
				do: { after: "reset" },
			});
			await stage.say(admin, `cancel job ${job.id}`, inChat(`lost-${job.id}`));
			await stage.card(`lost-${job.id}`, FOLLOW_UP);
			expect(cancels(job.id)).toBe(1);
		});

		describe("at its front door", () => {
			const graphCalls = () =>
				stage.count("GET", /^\/(beta|v1\.0)\//u) + stage.count("POST", /checkMemberGroups/u);
			const activity = (more: object = {}) => ({
				type: "message",
				id: Math.random().toString(36),
				channelId: "msteams",
				serviceUrl: `${stage.cloud.origin}/teams/`,
				from: { id: "29:x", name: "X", aadObjectId: admin.userId },
				recipient: { id: "28:bot", name: "Bot" },
				conversation: { id: "door", tenantId: stage.cloud.tenantId },
				channelData: { tenant: { id: stage.cloud.tenantId } },
				text: "jobs",
				...more,
			});

			const forgeries = {
				"no token": { authorization: "" },
				garbage: { authorization: "Bearer a.b.c" },
				"a forged signature": { forged: true },
				"another bot's token": { claims: { aud: "11111111-1111-4111-8111-111111111111" } },
				"another issuer": { claims: { iss: "https://sts.windows.net/x/" } },
				"an expired token": { claims: { exp: 1_000 } },
				"a token for another service URL": { claims: { serviceurl: "https://elsewhere.example/" } },
				"a token without a service URL": { claims: { serviceurl: undefined } },
			};

			it.each(Object.entries(forgeries))("answers a bare 401 and one line for %s", async (_what, forgery) => {
				const from = stage.bot.lines.length;
				expect(await stage.send(activity(), forgery)).toEqual({ status: 401, body: "" });
				const printed = () => stage.bot.lines.slice(from);
				const told = () => printed().some((line) => line.includes("no valid channel token"));
				await stage.bot.line("a line about it", told);
				expect(printed().join("\n")).not.toContain("    at ");
			});

			it("has printed no more than that", () => {
				const printed = stage.bot.lines.filter((line) => line.includes("no valid channel token"));
				expect(printed).toHaveLength(Object.keys(forgeries).length);
			});

			it("asks Graph nothing for another tenant, another channel or nobody", async () => {
				const before = graphCalls();
				const elsewhere = "22222222-2222-4222-8222-222222222222";
				const tenant = {
					conversation: { id: "door-tenant", tenantId: elsewhere },
					channelData: { tenant: { id: elsewhere } },
				};
				expect((await stage.send(activity(tenant))).status).toBe(200);
				await stage.card("door-tenant", /./u);
				const anonymous = {
					from: { id: "29:anon", name: "Anonymous" },
					conversation: { id: "door-anon", tenantId: stage.cloud.tenantId },
				};
				expect((await stage.send(activity(anonymous))).status).toBe(200);
				await stage.card("door-anon", /./u);
				expect((await stage.send(activity({ channelId: "webchat" }))).status).toBe(403);
				expect(graphCalls()).toBe(before);
			});

			it("gives no token to a service URL that is not on the list", async () => {
				const serviceUrl = "https://evil.example/teams/";
				expect(
					(await stage.send(activity({ serviceUrl }), { claims: { serviceurl: serviceUrl } })).status,
				).toBe(403);
			});

			it("refuses what is not an activity with a 4xx", async () => {
				expect((await stage.send({ type: "message" })).status).toBe(400);
				expect((await stage.send([])).status).toBe(400);
				expect((await stage.send({ text: "x".repeat(300_000) })).status).toBe(413);
			});

			it("answers an unknown button with an error card body and HTTP 200", async () => {
				const answer = await stage.press(admin, "launch-missiles", { id: "x", version: 1 });
				expect(answer.status).toBe(200);
				expect(JSON.parse(answer.body)).toMatchObject({
					statusCode: 400,
					type: "application/vnd.microsoft.error",
				});
			});

			it("greets once when it is installed, although Teams says so twice", async () => {
				const where = { conversation: { id: "installed", tenantId: stage.cloud.tenantId } };
				await stage.send(activity({ ...where, type: "installationUpdate", action: "add", text: undefined }));
				await stage.send(
					activity({
						...where,
						type: "conversationUpdate",
						membersAdded: [{ id: "28:bot" }],
						text: undefined,
					}),
				);
				await stage.card("installed", /Hello/u);
				await stage.say(admin, "whoami", { conversation: where.conversation });
				await stage.card("installed", /Adele/u);
				expect(stage.cloud.connector.sent.filter((sent) => sent.conversationId === "installed")).toHaveLength(
					2,
				);
			});
		});
	});
}
