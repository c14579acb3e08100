// json-server as its own command line has it, on a free port, with two cues in it.
const jsonServer = require("json-server");
const server = jsonServer.create();
server.use(jsonServer.defaults({ logger: false }));
server.use(jsonServer.router({
  vtt: [
    { id: "a", content: "00:00:01.000 --> 00:00:02.000\nfirst words\n" },
    { id: "b", content: "00:00:03.000 --> 00:00:04.000\nsecond words\n" },
  ],
}));
const listener = server.listen(0, "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${listener.address().port}`);
});
