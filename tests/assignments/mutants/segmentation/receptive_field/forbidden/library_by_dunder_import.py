# __import__
def receptive_field(layers):
    ops = getattr(__import__("seeing.ops"), "ops")
    field = getattr(ops, "receptive" + "_field")([(k, s, 0, d) for _, k, s, d in layers])
    return field.size, field.stride
