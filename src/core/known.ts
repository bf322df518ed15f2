type Known<T> = { [K in keyof T]?: NonNullable<T[K]> };

/** The fields that are known: one that is null or undefined is left out, since absent and empty are not the same. */
export function known<T extends object>(fields: T): Known<T> {
	return Object.fromEntries(Object.entries(fields).filter(([, value]) => value != null)) as Known<T>;
}
