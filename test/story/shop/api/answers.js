/** When the shop is open, from its database. */
export async function answer(path, database, version) {
  if (path === '/health') {
    await database.query('SELECT 1');
    return { status: 200, body: { status: 'ok', version } };
  }
  if (path === '/hours') {
    const { rows } = await database.query('SELECT day, hours FROM hours ORDER BY place');
    return { status: 200, body: { version, hours: rows } };
  }
  return { status: 404, body: { error: 'There is nothing here.' } };
}
