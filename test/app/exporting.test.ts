import { describe, expect, it } from "@jest/globals";
import { receiveRequest } from "../../src/app/requests/receive-request.js";
import type { View } from "../../src/app/views.js";
import type { Actor } from "../../src/core/person.js";
import type { Command } from "../../src/core/requests/command.js";
import { theDatabase, useDatabase } from "./database.js";
import { conversation, createWorld, person, READER_ROLE } from "./world.js";

useDatabase();

const anna = person("Anna");
const bernard = person("Bernard");
const wanted = { kind: "export", format: "csv", hours: 720 } as const;
const SECRET = "https://contoso-my.sharepoint.com/upload?permission=hush";
const upload = {
	uploadUrl: SECRET,
	contentUrl: "https://contoso-my.sharepoint.com/trail.csv",
	name: "trail.csv",
	uniqueId: "unique",
	fileType: "csv",
};

describe("exporting the audit trail into a chat", () => {
	function worldWithReader() {
		const world = createWorld(theDatabase());
		world.grant(anna, READER_ROLE);
		return world;
	}
	type World = ReturnType<typeof worldWithReader>;

	let activities = 0;
	async function send(world: World, actor: Actor, command: Command, more: object = {}, work = true) {
		activities += 1;
		await receiveRequest(
			{
				dedupeKey: `export ${activities}`,
				actor,
				conversation: { ...conversation("own chat"), conversationType: "personal" },
				command,
				via: "message",
				...more,
			},
			world.deps,
		);
		if (work) await world.settle();
	}

	/** Asks, and gives the offer and the message in which it stands. */
	async function offered(world: World, command: Command = wanted) {
		await send(world, anna, { kind: "help" });
		world.turn(60_000);
		await send(world, anna, command);
		const { view, activityId } = world.views("file-offer").at(-1) ?? {};
		if (view?.view !== "file-offer" || !activityId) throw new Error("no file was offered");
		return { view, activityId };
	}

	const accept = (
		world: World,
		requestId: string,
		card: string,
		more: object = {},
		actor = anna,
		work = true,
	) =>
		send(
			world,
			actor,
			{ kind: "export-accepted", requestId, upload: { ...upload, ...more } },
			{ via: "consent", pressedActivityId: card },
			work,
		);

	async function auditTrail(): Promise<string[]> {
		const rows = await theDatabase().sql.query<{ line: string }>(
			"select line from audit_events order by seq",
		);
		return rows.map(({ line }) => line);
	}
	const latest = (world: World) => world.sent.at(-1);

	it("offers a file, sends it once it is accepted, and shows it in the offer's place", async () => {
		const world = worldWithReader();
		const { view, activityId } = await offered(world);
		expect(world.uploads).toEqual([]);
		await accept(world, view.requestId, activityId);
		const [file] = world.uploads;
		expect(file?.url).toBe(SECRET);
		expect(file?.text).toContain("request.received");
		expect(Buffer.byteLength(file?.text ?? "")).toBe(view.size);
		expect(file?.text.match(/^\d+,20/gmu)).toHaveLength(view.events);
		const { uploadUrl: _secret, ...shown } = upload;
		expect(latest(world)).toMatchObject({
			how: "update",
			conversation: "own chat",
			activityId,
			view: { view: "file-sent", ...shown },
		});
	});

	it("has in the trail what is about to leave, before it does, and never the address that is a permission", async () => {
		const world = worldWithReader();
		const { view, activityId } = await offered(world);
		world.uploadAnswers.push({ kind: "problem", detail: "HTTP 503" });
		await accept(world, view.requestId, activityId);
		const types = (await auditTrail()).map((line) => JSON.parse(line).type);
		expect(types.slice(-3)).toEqual(["request.received", "export.allowed", "request.failed"]);
		expect((await auditTrail()).join()).not.toContain("hush");
		expect(latest(world)).toMatchObject({
			how: "update",
			view: { view: "export-told", what: "upload-failed" },
		});
	});

	it("reads standing again when the file is accepted", async () => {
		const world = worldWithReader();
		const { view, activityId } = await offered(world);
		world.grant(anna);
		await accept(world, view.requestId, activityId);
		expect(world.uploads).toEqual([]);
		expect(latest(world)).toMatchObject({ how: "update", activityId, view: { view: "refusal" } });
	});

	it("goes nowhere but to the hosts that are allowed", async () => {
		const world = worldWithReader();
		const { view, activityId } = await offered(world);
		await accept(world, view.requestId, activityId, { uploadUrl: "https://evil.example/x?hush" });
		expect(world.uploads).toEqual([]);
		expect(latest(world)).toMatchObject({
			activityId,
			view: { view: "export-told", what: "upload-refused" },
		});
		expect((await auditTrail()).at(-1)).toContain('"host":"evil.example"');
		expect((await auditTrail()).join()).not.toContain("hush");
	});

	it("is sent to nobody but whom it was offered to", async () => {
		const world = worldWithReader();
		world.grant(bernard, READER_ROLE);
		const { view, activityId } = await offered(world);
		await accept(world, view.requestId, activityId, {}, bernard);
		await accept(world, "00000000-0000-4000-8000-00000000dead", activityId);
		expect(world.uploads).toEqual([]);
		expect(world.views("problem").map(({ view: { view, ...rest } }) => rest)).toMatchObject([
			{ code: "request-not-found" },
			{ code: "request-not-found" },
		]);
	});

	it("says in the offer's place that it was declined", async () => {
		const world = worldWithReader();
		const { view, activityId } = await offered(world);
		await send(
			world,
			anna,
			{ kind: "export-declined", requestId: view.requestId },
			{ via: "consent", pressedActivityId: activityId },
		);
		expect(latest(world)).toMatchObject({ how: "update", activityId, view: { what: "declined" } });
	});

	it("goes on after a crash between the yes and the file", async () => {
		const world = worldWithReader();
		const { view, activityId } = await offered(world);
		await accept(world, view.requestId, activityId, {}, anna, false);
		expect(world.uploads).toEqual([]);
		// The process that said that the yes is kept has died; another one finds its task.
		await world.settle();
		expect(world.uploads).toHaveLength(1);
		expect(latest(world)).toMatchObject({ how: "update", view: { view: "file-sent" } });
	});

	it("is told where it is possible, when it is asked for where others are", async () => {
		const world = worldWithReader();
		await world.say(anna, wanted);
		expect(latest(world)).toMatchObject({ view: { view: "export-told", what: "only-personal" } });
	});

	it("is refused to somebody without standing", async () => {
		const world = worldWithReader();
		await send(world, bernard, wanted);
		expect(latest(world)?.view.view).toBe("refusal");
	});

	it("says when there is nothing, or too much for a chat", async () => {
		const world = worldWithReader();
		world.turn(365 * 24 * 3_600_000);
		await send(world, anna, { ...wanted, hours: 1 });
		expect(latest(world)?.view).toEqual({ view: "export-told", what: "nothing" } satisfies View);
		Object.assign(world.deps, { trail: async () => ({ kind: "too-large" }) });
		await send(world, anna, wanted);
		expect(latest(world)?.view).toEqual({ view: "export-told", what: "too-large" } satisfies View);
	});
});
