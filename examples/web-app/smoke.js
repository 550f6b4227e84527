// Asks the deployed page, as a visitor would. BASE_URL is its address.
const answer = await fetch(process.env.BASE_URL);
const text = await answer.text();
if (answer.status !== 200 || !text.includes('<h1>The corner shop</h1>')) {
  console.error(`${process.env.BASE_URL} answers with status ${answer.status}:\n${text.slice(0, 500)}`);
  process.exitCode = 1;
}
