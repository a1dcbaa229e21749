using VaeCluster.Cli.CommandLine;

return await VaeClusterApp.RunAsync(args, Console.Out, Console.Error);
