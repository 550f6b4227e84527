setTimeout(() => undefined, Number(process.argv[2]));
