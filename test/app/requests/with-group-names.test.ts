import { describe, expect, it } from "@jest/globals";
import { answerRequest } from "../../../src/app/requests/answer-request.js";
import { receiveRequest } from "../../../src/app/requests/receive-request.js";
import type { View } from "../../../src/app/views.js";
import type { Grant } from "../../../src/core/person.js";
import type { Command } from "../../../src/core/requests/command.js";
import { theDatabase, useDatabase } from "../database.js";
import { ADMIN_ROLE, conversation, createWorld, JOB_ID, person, policy } from "../world.js";

useDatabase();

const anna = person("Anna");
const nora = person("Nora-Lou");
const byRole = { by: "role", roleId: ADMIN_ROLE.id, roleName: ADMIN_ROLE.name } as const;
const throughGroup = { ...byRole, viaGroupId: "role-group" } as const;
const inGroup = { by: "group", groupId: "cancel-group" } as const;

/** A world in which Anna holds this, and a group may cancel. */
function worldWhereAnna(...grants: Grant[]) {
	const world = createWorld(theDatabase());
	world.setStanding(anna, { ...holding, grants });
	const deps = { ...world.deps, policy: { ...policy, cancelGroups: [inGroup.groupId] } };
	let asked = 0;
	/** The view with which somebody is answered. */
	return {
		world,
		async answer(actor: typeof anna, command: Command): Promise<View | undefined> {
			const { request } = await receiveRequest(
				{
					dedupeKey: `names ${++asked}`,
					actor,
					conversation: conversation("chat"),
					command,
					via: "message",
				},
				deps,
			);
			await answerRequest(request.id, deps);
			const answer = (await deps.store.read.request(request.id))?.answer;
			return answer?.kind === "view" ? answer.view : undefined;
		},
	};
}
const holding = { kind: "read", at: "", accountEnabled: true, guest: false, scopedRoles: [] } as const;

describe("the groups in an answer", () => {
	it("are named to who asks for their own roles", async () => {
		const { world, answer } = worldWhereAnna(throughGroup, inGroup);
		expect(await answer(anna, { kind: "whoami" })).toMatchObject({
			groupNames: { "role-group": "Group role-group", "cancel-group": "Group cancel-group" },
		});
		expect(world.listings).toEqual(["names role-group,cancel-group"]);
	});

	it("are named to somebody whom being in them would help", async () => {
		const { answer } = worldWhereAnna();
		expect(await answer(nora, { kind: "cancel", jobId: JOB_ID })).toMatchObject({
			view: "refusal",
			groupNames: { "cancel-group": "Group cancel-group" },
		});
		expect(await answer(nora, { kind: "handover", hours: 8 })).toMatchObject({
			view: "refusal",
			groupNames: { "cancel-group": "Group cancel-group" },
		});
	});

	it("are named to who asks why a cancellation was let through", async () => {
		const { world, answer } = worldWhereAnna(throughGroup);
		await world.say(anna, { kind: "cancel", jobId: JOB_ID });
		const [record] = await world.deps.store.read.openCancellations(anna.tenantId, [JOB_ID]);
		expect(world.listings).toEqual([]);
		expect(await answer(anna, { kind: "why", reference: record?.receipt ?? "" })).toMatchObject({
			view: "why",
			groupNames: { "role-group": "Group role-group" },
		});
	});

	it("are asked for by nothing else: not for a role of one's own, not for a job, and not for a cancel", async () => {
		const { world, answer } = worldWhereAnna(byRole);
		for (const command of [
			{ kind: "whoami" },
			{ kind: "status", jobId: JOB_ID },
			{ kind: "cancel", jobId: JOB_ID },
		] as const)
			await answer(anna, command);
		expect(world.graph.posts).toHaveLength(1);
		expect(world.listings).toEqual([]);
	});

	it("are not named where nobody is told to get into them", async () => {
		const { world, answer } = worldWhereAnna();
		world.setStanding(nora, { ...holding, guest: true, grants: [] });
		expect(await answer(nora, { kind: "status", jobId: JOB_ID })).toMatchObject({
			view: "refusal",
			rule: "guest",
		});
		expect(world.listings).toEqual([]);
	});
});
