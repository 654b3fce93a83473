# importlib, with a name that is put together
def receptive_field(layers):
    import importlib
    module = importlib.import_module(".".join(["see" + "ing", "ops", "receptive_field"]))
    field = module.receptive_field([(k, s, 0, d) for _, k, s, d in layers])
    return field.size, field.stride
