/** Somebody in the local tenant. */
export interface Person {
	/** What the persona is called in commands. */
	readonly key: string;
	/** Entra object id. */
	readonly userId: string;
	readonly name: string;
	/** Teams' id of the person for this bot. */
	readonly channelUserId: string;
	readonly userType: "Member" | "Guest";
	readonly accountEnabled: boolean;
}

export interface RoleAssignment {
	readonly roleId: string;
	readonly principalId: string;
	/** `/` is the whole tenant. */
	readonly scope: string;
}

export const BACKUP_ADMINISTRATOR = "b6a27b2b-f905-4b2e-81b5-0d90e0ef1fdb";
export const BACKUP_READER = "f42252d9-5400-4d7b-b9ef-cc582dbb8577";
export const ADMINS_GROUP = "90000000-0000-4000-8000-000000000001";
/** Whoever is on call in the sandbox. */
export const ON_CALL_GROUP = "90000000-0000-4000-8000-000000000002";

function person(key: string, name: string, number: number, more: Partial<Person> = {}): Person {
	return {
		key,
		name,
		userId: `a0000000-0000-4000-8000-00000000000${number}`,
		channelUserId: `29:${key}`,
		userType: "Member",
		accountEnabled: true,
		...more,
	};
}

export const PEOPLE = {
	admin: person("admin", "Adele Vance", 1),
	admin2: person("admin2", "Grady Archie", 2),
	reader: person("reader", "Megan Bowen", 3),
	nobody: person("nobody", "Alex Wilber", 4),
	guest: person("guest", "Pat Guest (external)", 5, { userType: "Guest" }),
	scoped: person("scoped", "Diego Siciliani", 6),
	disabled: person("disabled", "Lynne Robbins", 7, { accountEnabled: false }),
} as const satisfies Record<string, Person>;

/** What the groups are called. */
export const GROUPS: readonly { readonly groupId: string; readonly name: string }[] = [
	{ groupId: ADMINS_GROUP, name: "Recovery admins" },
	{ groupId: ON_CALL_GROUP, name: "On call" },
];

/** Who holds what when the world begins. */
export const ASSIGNMENTS: readonly RoleAssignment[] = [
	{ roleId: BACKUP_ADMINISTRATOR, principalId: PEOPLE.admin.userId, scope: "/" },
	{ roleId: BACKUP_ADMINISTRATOR, principalId: ADMINS_GROUP, scope: "/" },
	{ roleId: BACKUP_ADMINISTRATOR, principalId: PEOPLE.guest.userId, scope: "/" },
	{ roleId: BACKUP_ADMINISTRATOR, principalId: PEOPLE.disabled.userId, scope: "/" },
	{
		roleId: BACKUP_ADMINISTRATOR,
		principalId: PEOPLE.scoped.userId,
		scope: "/administrativeUnits/70000000-0000-4000-8000-000000000001",
	},
	{ roleId: BACKUP_READER, principalId: PEOPLE.reader.userId, scope: "/" },
];

export const MEMBERSHIPS: readonly { readonly groupId: string; readonly userId: string }[] = [
	{ groupId: ADMINS_GROUP, userId: PEOPLE.admin2.userId },
	{ groupId: ON_CALL_GROUP, userId: PEOPLE.admin2.userId },
	{ groupId: ON_CALL_GROUP, userId: PEOPLE.reader.userId },
];
