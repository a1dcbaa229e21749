namespace VaeCluster.Evaluation.Export;

/// <summary>What weights can be written as.</summary>
public enum ExportFormat
{
    /// <summary>One safetensors file with PyTorch's names, the run file and a description of the networks in its metadata.</summary>
    Safetensors,

    /// <summary>One npz archive: an array a parameter, under PyTorch's names.</summary>
    Npz,

    /// <summary>A folder with <c>encoder.onnx</c> and <c>decoder.onnx</c>.</summary>
    Onnx,
}
