/** The semver library, loaded when a version is first compared. */
export async function loadSemver(): Promise<typeof import('semver')> {
  const { default: semver } = await import('semver');
  return semver;
}
