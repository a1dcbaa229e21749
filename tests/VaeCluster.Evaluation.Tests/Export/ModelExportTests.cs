using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using VaeCluster.Core.Formats;
using VaeCluster.Core.Parameters;
using VaeCluster.Evaluation.Export;

namespace VaeCluster.Evaluation.Tests.Export;

public sealed class ModelExportTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vaecluster-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(ExportedModel.Names), MemberType = typeof(ExportedModel))]
    public void Safetensors_contain_every_parameter_and_describe_the_networks(string name)
    {
        var exported = new ExportedModel(name);
        string file = Assert.Single(ModelExport.Write(exported.Run(_folder), ExportFormat.Safetensors, At("deep", "model.safetensors")));
        SafetensorsFile tensors = Safetensors.Read(file);
        foreach (ParameterSlice slice in exported.Model.Layout.Slices)
        {
            Assert.Equal(slice.Shape, tensors.Find(slice.Name)!.Shape);
            Assert.Equal(slice.Of(exported.Weights).ToArray(), tensors.Find(slice.Name)!.Singles().ToArray());
        }

        Assert.Equal(("12", "4"), (tensors.Metadata["step"], tensors.Metadata["latent"]));
        Assert.Contains("architecture", tensors.Metadata["run"], StringComparison.Ordinal);

        // What a flow makes of the mean is no chain of layers.
        string[] chains = ["encoder.mean", "encoder.logVariance", "decoder.mean"];
        if (!exported.Model.Posterior.IsGaussian)
        {
            Assert.False(tensors.Metadata.ContainsKey(chains[0]));
            chains = chains[1..];
        }

        foreach (string chain in chains)
            Assert.StartsWith("[{\"type\":", tensors.Metadata[chain], StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(At("deep")));
    }

    [RequiresFact(Requirement.PyTorch)]
    public void PyTorch_loads_each_architecture_with_strict_and_computes_the_same_outputs()
    {
        foreach (string name in (string[])["mlp", "burgess-32", "study-conv", "conv", "mlp-norm", "conv-norm", "resnet", "resnet-average"])
        {
            var exported = new ExportedModel(name);
            ModelExport.Write(exported.Run(_folder), ExportFormat.Safetensors, At("model.safetensors"));
            Npy.Write(At("images.npy"), exported.ImageShape, exported.Images);
            Npy.Write(At("means.npy"), [ExportedModel.Rows, 4], exported.Means);
            Npy.Write(At("log_variances.npy"), [ExportedModel.Rows, 4], exported.LogVariances);
            Npy.Write(At("latents.npy"), [ExportedModel.Rows, 4], exported.Latents);
            Npy.Write(At("decoded.npy"), exported.ImageShape, exported.Decoded);
            string[] lines = Python("model.safetensors", "images.npy", "means.npy", "log_variances.npy", "latents.npy", "decoded.npy")
                .Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal("<All keys matched successfully>", lines[0]);
            Assert.Equal(4, lines.Length);
            foreach (string line in lines[1..]) Assert.InRange(double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture), 0, 1e-5);
        }
    }

    [Fact]
    public void Npz_contains_every_parameter_and_its_bytes_do_not_depend_on_the_time()
    {
        var exported = new ExportedModel("burgess-32");
        string file = Assert.Single(ModelExport.Write(exported.Run(_folder), ExportFormat.Npz, At("model.npz")));
        byte[] first = File.ReadAllBytes(file);
        using (ZipArchive archive = ZipFile.OpenRead(file))
        {
            Assert.Equal(exported.Model.Layout.Slices.Count, archive.Entries.Count);
            foreach (ParameterSlice slice in exported.Model.Layout.Slices)
            {
                using Stream stream = archive.GetEntry(slice.Name + ".npy")!.Open();
                NpyArray array = Npy.Read(stream, slice.Name);
                Assert.Equal(slice.Shape, array.Shape);
                Assert.Equal(slice.Of(exported.Weights).ToArray(), array.ToSingles());
            }
        }

        ModelExport.Write(exported.Run(_folder), ExportFormat.Npz, At("model.npz"));
        Assert.Equal(first, File.ReadAllBytes(file));
    }

    [Fact]
    public void Onnx_export_writes_two_files_into_a_folder()
    {
        IReadOnlyList<string> files = ModelExport.Write(new ExportedModel("mlp").Run(_folder), ExportFormat.Onnx, At("onnx"));
        Assert.Equal([At("onnx", "encoder.onnx"), At("onnx", "decoder.onnx")], files);
        Assert.All(files, file => Assert.True(new FileInfo(file).Length > 1000));
    }

    private string At(params string[] names) => Path.Combine([_folder, .. names]);

    private string Python(params string[] files)
    {
        var start = new ProcessStartInfo(
            Requirements.Find(Requirement.PyTorch)!, [Path.Combine(AppContext.BaseDirectory, "PyTorch", "load_model.py"), .. files])
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.Result);
        return output;
    }
}
