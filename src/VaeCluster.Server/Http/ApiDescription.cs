using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;
using VaeCluster.Service.Runs;

namespace VaeCluster.Server.Http;

/// <summary>The OpenAPI document of the API, generated from the descriptions of its routes.</summary>
public static class ApiDescription
{
    private const string Document = "v1", Address = "/api/v1/openapi.json";

    // The framework documents only endpoints that are methods, so this one stands for all; the metadata describes the parameters.
    private static readonly MethodInfo Handler = typeof(ApiDescription)
        .GetMethod(nameof(Handle), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>Describes a route.</summary>
    /// <typeparam name="T">The kind of endpoint.</typeparam>
    /// <param name="endpoint">The endpoint.</param>
    /// <param name="summary">What it does.</param>
    /// <param name="answer">The type of the JSON answer; null for no content or a file.</param>
    /// <param name="status">The HTTP status of success.</param>
    /// <param name="type">The content type of the answer.</param>
    /// <param name="body">The type of the request body; null for none.</param>
    /// <param name="query">The query parameters.</param>
    public static T Describe<T>(
        this T endpoint, string summary, Type? answer, int status = StatusCodes.Status200OK, string type = "application/json",
        Type? body = null,
        params ApiParameter[] query)
        where T : IEndpointConventionBuilder
    {
        endpoint.Add(builder =>
        {
            builder.Metadata.Add(Handler);
            builder.Metadata.Add(new EndpointSummaryAttribute(summary));
            builder.Metadata.Add(status == StatusCodes.Status204NoContent
                ? new ProducesResponseTypeMetadata(status)
                : new ProducesResponseTypeMetadata(status, answer ?? typeof(string), [type]));
            builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status400BadRequest, typeof(ApiProblem),
                [ApiProblem.ContentType]));
            if (body is not null) builder.Metadata.Add(new ApiBody(body));
            foreach (ApiParameter parameter in query) builder.Metadata.Add(parameter);
        });
        return endpoint;
    }

    /// <summary>Adds the generator of the document.</summary>
    /// <param name="services">The server's services.</param>
    internal static void Add(IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(json =>
        {
            foreach (System.Text.Json.Serialization.JsonConverter converter in ApiJson.Options.Converters)
                json.SerializerOptions.Converters.Add(converter);
        });
        services.AddOpenApi(Document, options =>
        {
            options.AddDocumentTransformer((document, _, _) =>
            {
                document.Info = new OpenApiInfo
                {
                    Title = "VaeCluster",
                    Version = "1",
                    Description = "Runs and sweeps of variational auto-encoders. Every error is a problem document (RFC 9457) with the same one-line message that the command line prints.",
                };
                document.Servers?.Clear();
                return Task.CompletedTask;
            });
            options.AddOperationTransformer(CompleteAsync);
        });
    }

    /// <summary>Adds the route of the document.</summary>
    /// <param name="routes">The server's routes.</param>
    internal static void Map(IEndpointRouteBuilder routes) => routes.MapOpenApi(Address).ExcludeFromDescription();

    private static async Task CompleteAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context,
        CancellationToken cancellation)
    {
        operation.Tags = null;
        operation.Parameters ??= [];
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<ApiBody>().FirstOrDefault() is { } body)
        {
            var content = new OpenApiMediaType { Schema = await context.GetOrCreateSchemaAsync(body.Type, null, cancellation) };
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType> { ["application/json"] = content },
            };
        }

        string path = context.Description.RelativePath ?? string.Empty;
        foreach (string name in path.Split('/').Where(part => part.StartsWith('{')).Select(part => part.Trim('{', '}')))
        {
            if (operation.Parameters.Any(parameter => parameter.Name == name)) continue;
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = name,
                In = ParameterLocation.Path,
                Required = true,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
        }

        foreach (ApiParameter parameter in context.Description.ActionDescriptor.EndpointMetadata.OfType<ApiParameter>())
        {
            operation.Parameters.Add(new OpenApiParameter
            {
                Name = parameter.Name,
                In = ParameterLocation.Query,
                Description = parameter.Description,
                Schema = new OpenApiSchema
                {
                    Type = parameter.Type switch
                    {
                        "integer" => JsonSchemaType.Integer,
                        "number" => JsonSchemaType.Number,
                        _ => JsonSchemaType.String,
                    },
                },
            });
        }
    }

    // Not the framework's own metadata type, which would make routing refuse every other content type before the endpoint runs.
    private sealed record ApiBody(Type Type);

    private static Task Handle(HttpContext context) => Task.FromException(new NotSupportedException(context.Request.Path));
}
