using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using VaeCluster.Core.Specs;
using VaeCluster.Data.Pictures;

namespace VaeCluster.Data;

/// <summary>The files that the fields of a dataset name.</summary>
internal static class DatasetFiles
{
    /// <summary>A sign that changes when one of the files is replaced: names, lengths and times of all of them, hashed.</summary>
    /// <param name="dataset">The dataset with its fields.</param>
    /// <param name="member">Its rules, which say what fields are paths.</param>
    internal static string Stamp(MemberSpec dataset, Member member)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        SearchOption depth = dataset.Name == ImagesDataset.Kind.Member.Name ? SearchOption.AllDirectories : SearchOption.TopDirectoryOnly;
        try
        {
            foreach (FieldRule field in member.Fields.Where(field => field.Kind == FieldKind.Path && dataset.Has(field.Name)))
            {
                string path = dataset.Text(field.Name);
                if (!Directory.Exists(path)) Append(hash, new FileInfo(path));
                else foreach (FileInfo file in new DirectoryInfo(path).EnumerateFiles("*", depth)) Append(hash, file);
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // Opening the files says what is wrong with them.
            return string.Empty;
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, FileInfo file) => hash.AppendData(Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"{file.FullName}\n{(file.Exists ? file.Length : -1)} {file.LastWriteTimeUtc.Ticks}\n")));
}
