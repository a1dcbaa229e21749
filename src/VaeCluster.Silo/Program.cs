using VaeCluster.Silo.CommandLine;

return await SiloApp.RunAsync(args, Console.Out, Console.Error);
