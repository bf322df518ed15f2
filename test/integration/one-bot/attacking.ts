import { beforeAll, describe, expect, it } from "@jest/globals";
import type { Person } from "../../../sandbox/cloud/people.js";
import { type Asked, approvalSteps } from "../approval-steps.js";
import { PEOPLE, type Stage } from "../stage.js";

const { admin, admin2, reader, nobody, guest, scoped, disabled } = PEOPLE;
const ELSEWHERE = "22222222-2222-4222-8222-222222222222";

/**
 * Presses that Teams has signed, and that say something untrue or come from somebody who may not decide. After each of
 * them the request is decided as it should be: so it is seen that it waited, and that Graph is asked once in all.
 */
export function attacking(opened: () => Stage): void {
	describe("a request for approval that is attacked", () => {
		let stage: Stage;
		const { inChat, posts, latest, request, press, eachCard } = approvalSteps(() => stage);
		beforeAll(() => {
			stage = opened();
		});

		async function decideAfterAll({ job, chat, id, card }: Asked) {
			expect(posts(job)).toBe(0);
			expect((await press(admin, "approve", id, chat, {}, card)).body).toContain("It goes ahead");
			await eachCard(chat, /job stopped/u);
			expect(posts(job)).toBe(1);
		}
		const withdraw = ({ id, chat, card }: Asked) => press(nobody, "withdraw", id, chat, {}, card);
		/** A press whose action is written out. */
		const act = (person: Person, action: object, chat: string, more: object = {}) =>
			stage.send({
				id: `act-${Math.random()}`,
				channelId: "msteams",
				serviceUrl: `${stage.cloud.origin}/teams/`,
				from: { id: person.channelUserId, name: person.name, aadObjectId: person.userId },
				recipient: { id: `28:${stage.cloud.appId}`, name: "Recovery Control" },
				channelData: { tenant: { id: stage.cloud.tenantId } },
				type: "invoke",
				name: "adaptiveCard/action",
				value: { action: { type: "Action.Execute", ...action }, trigger: "manual" },
				...inChat(chat),
				...more,
			});
		const refusedAs = (answer: { readonly body: string }) => JSON.parse(answer.body);
		const readsOf = (person: Person) => stage.count("GET", new RegExp(`/users/${person.userId}$`, "u"));

		it("is decided by what the press names, and the card of another stays the other's", async () => {
			const one = await request("attacked");
			const other = await request("attacked");
			const forged = await press(reader, "approve", other.id, one.chat, {}, one.card);
			expect(forged.body).toContain("You hold no role");
			const named = await press(admin, "approve", other.id, one.chat, {}, one.card);
			expect(named.body).toContain("It goes ahead");
			await eachCard(other.chat, /job stopped/u);
			expect(posts(other.job)).toBe(1);
			await decideAfterAll(one);
			const shown = stage.cloud.connector.sent.filter(
				({ conversationId, id }) => conversationId === one.chat && id === one.card,
			);
			expect(JSON.stringify(shown)).not.toContain(other.job.id);
		});

		it("is not decided by a press that names nothing that is known", async () => {
			const one = await request("attacked");
			for (const id of [one.job.id, "00000000-0000-4000-8000-000000000000", "x' or 1=1 --", "", "RC-ZZZZZZ"])
				expect((await press(admin, "approve", id, one.chat, {}, one.card)).body).toContain("No such request");
			await decideAfterAll(one);
		});

		it.each([
			["altogether", ELSEWHERE, ELSEWHERE],
			["as the channel says", undefined, ELSEWHERE],
			["as only the conversation says", ELSEWHERE, undefined],
		])(
			"is not decided from another tenant, %s, and the directory is not asked",
			async (_how, there, channel) => {
				const one = await request("attacked");
				const { tenantId } = stage.cloud;
				const before = readsOf(admin);
				const answer = await stage.press(
					admin,
					"approve",
					{ id: one.id, version: 1 },
					{
						conversation: { id: one.chat, conversationType: "groupChat", tenantId: there ?? tenantId },
						channelData: { tenant: { id: channel ?? tenantId } },
						replyToId: one.card,
					},
				);
				expect(answer.body).toContain("This bot serves another organisation");
				expect(answer.body).not.toContain(one.job.id);
				expect(readsOf(admin)).toBe(before);
				await decideAfterAll(one);
			},
		);

		it("is decided by who sends, whoever the press says it comes from", async () => {
			const one = await request("attacked");
			const asThough = ({ userId, channelUserId, name }: Person) => ({
				userId,
				aadObjectId: userId,
				actor: { tenantId: stage.cloud.tenantId, userId, channelUserId, name },
				from: { id: channelUserId, aadObjectId: userId, name },
			});
			const lent = await press(reader, "approve", one.id, one.chat, asThough(admin), one.card);
			expect(lent.body).toContain("You hold no role");
			const own = await press(nobody, "approve", one.id, one.chat, asThough(admin), one.card);
			expect(own.body).toContain("This did not count. You hold no role");
			const notWithdrawn = await press(admin2, "withdraw", one.id, one.chat, asThough(nobody), one.card);
			expect(notWithdrawn.body).toContain("who asks for it, can withdraw it");
			expect(posts(one.job)).toBe(0);
			const yes = await press(admin, "approve", one.id, one.chat, asThough(nobody), one.card);
			expect(yes.body).toContain("It goes ahead");
			await eachCard(one.chat, /job stopped/u);
			expect(posts(one.job)).toBe(1);
			expect([...latest(one.chat).values()].join()).toContain(admin.name);
		});

		it.each([
			["a guest who holds the role", guest, "Guest accounts may not act"],
			["a disabled account that holds it", disabled, "Your account is disabled"],
			["somebody who holds it for a part of the organisation", scoped, "You hold no role"],
		])("is not decided by %s", async (_who, person, told) => {
			const one = await request("attacked");
			for (const verb of ["approve", "reject"])
				expect((await press(person, verb, one.id, one.chat, {}, one.card)).body).toContain(told);
			await decideAfterAll(one);
		});

		it("is not decided by somebody of whom Teams does not say who it is", async () => {
			const one = await request("attacked");
			const anonymous = { from: { id: "29:admin", name: "Adele Vance" }, replyToId: one.card };
			const data = { id: one.id, version: 1 };
			const answer = await act(admin, { verb: "approve", data }, one.chat, anonymous);
			expect(answer.body).toContain("Teams did not say who you are");
			await decideAfterAll(one);
		});

		it("is decided once by one person, however often they press", async () => {
			const one = await request("attacked", 300);
			const yes = () => press(admin, "approve", one.id, one.chat, {}, one.card);
			const both = await Promise.all([yes(), yes()]);
			expect(both.filter(({ body }) => body.includes("It goes ahead"))).toHaveLength(1);
			expect(both.filter(({ body }) => body.includes("it had been approved"))).toHaveLength(1);
			expect((await yes()).body).toContain("This changed nothing");
			const no = await press(admin, "reject", one.id, one.chat, {}, one.card);
			expect(no.body).toContain("This changed nothing: it had been approved");
			await eachCard(one.chat, /job stopped/u);
			expect(posts(one.job)).toBe(1);
		});

		it("is not decided once it is withdrawn", async () => {
			const one = await request("attacked");
			expect((await withdraw(one)).body).toContain("You withdrew it");
			for (const verb of ["approve", "reject"])
				expect((await press(admin, verb, one.id, one.chat, {}, one.card)).body).toContain(
					"it had been withdrawn",
				);
			expect((await withdraw(one)).body).toContain("it had been withdrawn");
			await eachCard(one.chat, /Withdrawn/u);
			expect(posts(one.job)).toBe(0);
		});

		it("is not decided on a card that shows what was asked before", async () => {
			const one = await request("attacked");
			await stage.say(reader, `ask approval for job ${one.job.id} because of mine`, inChat(one.chat));
			await stage.card(one.chat, /asked for it, too/u);
			expect((await withdraw(one)).body).toContain("still asks for it");
			for (const verb of ["approve", "reject"]) {
				const stale = await press(admin, verb, one.id, one.chat, {}, one.card);
				expect(stale.body).toContain("the request had changed since your card was drawn");
				expect(stale.body).toContain('"version":2');
			}
			for (const version of [0, 1.5, 3, -1, 1e300])
				expect((await press(admin, "approve", one.id, one.chat, { version }, one.card)).body).toContain(
					"the request had changed",
				);
			expect(posts(one.job)).toBe(0);
			const now = await press(admin, "approve", one.id, one.chat, { version: 2 }, one.card);
			expect(now.body).toContain("It goes ahead");
			await stage.card(one.chat, /job stopped.*"alert":true/u, "create");
			expect(posts(one.job)).toBe(1);
		});

		it("is not decided by an action that is none of the card's", async () => {
			const one = await request("attacked");
			const data = { id: one.id, version: 1 };
			const none: readonly object[] = [
				{ verb: "", data },
				{ verb: "APPROVE", data },
				{ verb: "approve ", data },
				{ verb: "__proto__", data },
				{ verb: "approve" },
				{ verb: "approve", data: { id: one.id } },
				{ verb: "approve", data: { ...data, version: "1" } },
				{ verb: "approve", data: { ...data, id: [one.id] } },
				{ verb: "approve", data: JSON.stringify(data) },
			];
			for (const action of none) {
				const answer = await act(admin, action, one.chat, { replyToId: one.card });
				expect({ action, ...refusedAs(answer) }).toMatchObject({
					action,
					statusCode: 400,
					value: { code: "unknown-action", message: expect.stringContaining("not known any more") },
				});
			}
			for (const action of [
				{ data },
				{ verb: ["approve"], data },
				{ id: "approve", data },
				{ type: "x", data },
			]) {
				const { body } = await act(admin, action, one.chat, { replyToId: one.card });
				expect(body).not.toContain(one.id);
			}
			const automatic = {
				value: { action: { type: "Action.Execute", verb: "approve", data }, trigger: "automatic" },
			};
			expect(refusedAs(await act(admin, {}, one.chat, automatic))).toMatchObject({ statusCode: 400 });
			await decideAfterAll(one);
		});

		it.each([
			["without the id of the action", {}],
			["with another one", { id: "withdraw" }],
		])("is decided by what an action does, %s", async (_how, more) => {
			const one = await request("attacked");
			const action = { verb: "approve", data: { id: one.id, version: 1 }, ...more };
			const answer = await act(admin, action, one.chat, { replyToId: one.card });
			expect(answer.body).toContain("It goes ahead");
			await eachCard(one.chat, /job stopped/u);
			expect(posts(one.job)).toBe(1);
		});

		it("is decided on a card that somebody brought elsewhere, and that card tells the end, too", async () => {
			const one = await request("attacked", 300);
			const elsewhere = `brought-${one.job.id}`;
			const refused = await press(reader, "approve", one.id, elsewhere, {}, "brought");
			expect(refused.body).toContain("You hold no role");
			const yes = await press(admin, "approve", one.id, elsewhere, {}, "brought");
			expect(yes.body).toContain("It goes ahead");
			await eachCard(one.chat, /job stopped/u);
			await eachCard(elsewhere, /job stopped/u);
			expect([...latest(elsewhere).keys()]).toEqual(["brought"]);
			expect(posts(one.job)).toBe(1);
		});

		it("shows itself to whoever looks, decides nothing by that, and asks Graph nothing", async () => {
			const one = await request("attacked");
			const sent = () =>
				stage.cloud.connector.sent.filter(({ conversationId }) => conversationId === one.chat).length;
			const directory = () => stage.count("GET", /roleManagement|\/users\/|\/groups/u);
			const before = { sent: sent(), directory: directory() };
			const look = (person: Person, more: object = {}) =>
				stage.press(
					person,
					"refresh-approval",
					{ id: one.id, version: 1 },
					{ ...inChat(one.chat), replyToId: one.card, ...more },
				);
			for (const person of [reader, guest, disabled]) {
				const { body } = await look(person);
				expect(JSON.parse(body).type).toBe("application/vnd.microsoft.card.adaptive");
				expect(body).not.toContain('"verb":"withdraw"');
				// Their client does not ask again for a card of their own with every update.
				expect(body).not.toContain(`"userIds":["${admin.channelUserId}"`);
			}
			const stranger = await look(admin, {
				conversation: { id: one.chat, conversationType: "groupChat", tenantId: ELSEWHERE },
				channelData: { tenant: { id: ELSEWHERE } },
			});
			expect(refusedAs(stranger)).toMatchObject({ statusCode: 400 });
			expect(stranger.body).not.toContain("wrong snapshot");
			expect({ sent: sent(), directory: directory() }).toEqual(before);
			await decideAfterAll(one);
		});
	});
}
